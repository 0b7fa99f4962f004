import { Framer } from "../../../src/mirror/stream/framer.js";
import { Reassembly } from "../../../src/mirror/stream/reassembly.js";
import { after } from "../../../src/mirror/stream/sequence.js";
import { Random } from "./random.js";

/** What the wire does to a stream. */
export interface Weather {
  readonly losses: boolean;
  /** The capture begins in the midst of the stream. */
  readonly late: boolean;
  /** Messages look like messages within, or are none at all. */
  readonly hostile: boolean;
}

export interface Segment {
  readonly from: number;
  readonly to: number;
}

const greatest = [0, 21, 23, 25, 29, 34, 35];

export function message(random: Random, version: number, { hostile, late, losses }: Weather): Buffer {
  const length = lengthOf(random, !hostile);
  const bytes = Buffer.alloc(length);
  bytes[0] = hostile && random.chance(20) ? random.below(256) : version;
  bytes[1] = hostile && random.chance(20) ? random.below(256) : random.below((greatest[version] ?? 0) + 1);
  // A type that is also a version would let a header begin one byte late, where the true start was not seen.
  if (!hostile && (late || losses) && bytes[1] > 0 && bytes[1] < 7) bytes[1] = 10;
  bytes.writeUInt16BE(hostile && random.chance(20) ? random.below(12) : length, 2);
  // Bytes that are no version: a body that is not hostile never looks like a message.
  for (let at = 4; at < length; at += 1) bytes[at] = hostile && random.chance(2) ? random.below(8) : 0x80;
  if (length >= 12) bytes.writeUInt32BE((random.below(2 ** 31) | 0x80808080) >>> 0, 8);
  return bytes;
}

function lengthOf(random: Random, plain: boolean): number {
  const length = random.chance(50) ? 8 + random.below(60_000) : 8 + random.below(120);
  // Nor may a length read as a version and a type.
  return plain && length >= 256 && length % 256 < 36 ? length + 36 : length;
}

/** Segments that cover the stream, some of them overlapping, some twice, some late, some never. */
export function segments(random: Random, length: number, { losses }: Weather): Segment[] {
  const parts: Segment[] = [];
  for (let from = 0; from < length; ) {
    const to = Math.min(length, from + 1 + random.below(random.chance(4) ? 9_000 : 200));
    const back = random.chance(8) ? random.below(Math.min(from + 1, 300)) : 0;
    if (!(losses && random.chance(12))) parts.push({ from: from - back, to });
    if (random.chance(15)) parts.push({ from, to });
    from = to;
  }
  for (let swaps = random.below(1 + parts.length); swaps > 0; swaps -= 1) {
    if (!random.chance(3)) continue;
    const one = random.below(parts.length);
    const other = Math.min(parts.length - 1, one + random.below(6));
    [parts[one], parts[other]] = [parts[other] as Segment, parts[one] as Segment];
  }
  return parts;
}

export interface Outcome {
  readonly sent: readonly Buffer[];
  readonly got: readonly Buffer[];
  readonly resyncs: number;
  /** Bytes of the stream from the first that was seen to the last: told, given up, in hand. */
  readonly bytes: {
    readonly span: number;
    readonly told: number;
    readonly lost: number;
    readonly pending: number;
  };
  readonly mostHeld: number;
}

/** One stream through reassembly and framing. The same seed makes the same stream. */
export function wildStream(seed: number, weather: Weather): Outcome {
  const random = new Random(seed);
  const version = 1 + random.below(6);
  const sent = Array.from({ length: 1 + random.below(30) }, () => message(random, version, weather));
  const stream = Buffer.concat(sent);
  const got: Buffer[] = [];
  let [resyncs, lost, told, counted] = [0, 0, 0, 0];
  const framer = new Framer(
    {
      seen: (_type, bytes, at, length) => {
        counted += 1;
        got.push(Buffer.from(bytes.subarray(at, at + length)));
      },
      messages: (bytes, count) => {
        told += bytes.length;
        counted -= count;
      },
      resynced: (bytes) => {
        resyncs += 1;
        lost += bytes;
      },
    },
    weather.late ? version : 0,
    !weather.late,
  );
  const reassembly = new Reassembly(framer);
  // Near the end of the numbers, so that many streams wrap around.
  const first = random.chance(2) ? 2 ** 32 - random.below(2_000) : random.below(2 ** 31);
  if (!weather.late) reassembly.start(first);
  let [now, mostHeld] = [0, 0];
  const parts = segments(random, stream.length, weather);
  if (weather.late) parts.splice(0, random.below(parts.length));
  const begun = weather.late ? (parts[0]?.from ?? 0) : 0;
  for (const { from, to } of parts) {
    now += random.below(40);
    reassembly.segment(after(first, from), stream.subarray(from, to), now);
    if (random.chance(10)) reassembly.tick(now);
    mostHeld = Math.max(mostHeld, reassembly.held + framer.pending);
  }
  reassembly.end(now);
  if (counted !== 0) throw new Error("messages were counted that were not told, or the other way round");
  const span = reassembly.next === null ? 0 : (after(reassembly.next, -first) - begun) | 0;
  return { sent, got, resyncs, bytes: { span, told, lost, pending: framer.pending }, mostHeld };
}

/** What is wrong with how it went; an empty text where nothing is. */
export function complaint({ sent, got, resyncs, bytes, mostHeld }: Outcome, weather: Weather): string {
  if (bytes.told + bytes.lost + bytes.pending !== bytes.span)
    return `bytes went uncounted: ${JSON.stringify(bytes)}`;
  if (mostHeld > 2_000_000) return `${mostHeld} bytes were kept`;
  if (weather.hostile) return "";
  if (!weather.losses && !weather.late) {
    if (resyncs > 0) return `${resyncs} resyncs although nothing was lost`;
    if (got.length !== sent.length) return `${got.length} of ${sent.length} messages`;
  }
  let place = 0;
  for (const message of got) {
    while (place < sent.length && !message.equals(sent[place] as Buffer)) place += 1;
    if (place === sent.length) return `a message of ${message.length} bytes that was not sent, or not then`;
    place += 1;
  }
  if (
    got.length < sent.length &&
    resyncs === 0 &&
    bytes.pending === 0 &&
    bytes.span > 0 &&
    !weather.losses &&
    !weather.late
  )
    return "messages are missing, and nothing says so";
  return "";
}
