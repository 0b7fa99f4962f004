import { after } from "../../../src/mirror/stream/sequence.js";
import { captured } from "../capture/captured.js";
import type { Random } from "../stream/random.js";
import { message, type Segment, segments, type Weather } from "../stream/wild-stream.js";

/** What else befalls a connection on its way into the capture. */
export interface Climate extends Weather {
  /** A byte that is sent a second time may be another one. */
  readonly disputed: boolean;
  /** SYN, FIN and RST where none belongs, data on a SYN, probes, packets of other protocols. */
  readonly odd: boolean;
}

export interface WildCapture {
  /** The connection's bytes, and where its messages begin and end. */
  readonly stream: Buffer;
  readonly boundaries: ReadonlySet<number>;
  readonly messages: number;
  /** The number of the stream's first byte. */
  readonly first: number;
  readonly packets: readonly Buffer[];
  /** Every byte was captured, and nothing that ends the connection before its end. */
  readonly whole: boolean;
  /** It ends with a FIN that was captured. */
  readonly finished: boolean;
  readonly version: number;
}

const flag = { fin: 0x01, syn: 0x02, reset: 0x04, data: 0x18 };

/** The byte that a second copy has instead. */
export const disputing = (byte: number): number => byte ^ 0x55;

/** One connection as packets that were captured. The same random numbers make the same connection. */
export function wildCapture(random: Random, climate: Climate): WildCapture {
  const version = 1 + random.below(6);
  const count = 1 + random.below(random.chance(500) ? 5_000 : 25);
  const sent = Array.from({ length: count }, () => message(random, version, climate));
  const stream = Buffer.concat(sent);
  const boundaries = new Set([0]);
  for (const { length } of sent) boundaries.add(([...boundaries].at(-1) as number) + length);
  const first = random.chance(2) ? 2 ** 32 - random.below(2_000) : random.below(2 ** 32);
  const family = random.chance(2) ? 4 : 6;
  const packet = (sequence: number, flags: number, payload: Buffer = Buffer.alloc(0)) =>
    captured(family, { sequence, flags, payload, options: 4 * random.below(11), padding: random.below(7) });

  const packets: Buffer[] = [];
  let whole = !climate.losses && !climate.late;
  const parts = segments(random, stream.length, climate);
  if (climate.late) parts.splice(0, random.below(parts.length));
  else packets.push(opening(random, climate, stream, (flags, data) => packet(after(first, -1), flags, data)));
  const seen = new Uint8Array(stream.length);
  for (const part of parts) {
    const payload = payloadOf(random, climate, stream, part, seen);
    const bytes = packet(after(first, part.from), flag.data, payload);
    if (climate.losses && random.chance(25)) packets.push(bytes.subarray(0, random.below(bytes.length)));
    else packets.push(bytes);
    if (climate.odd && random.chance(10)) packets.push(oddity(random, climate, first, stream.length, packet));
    if (climate.odd && random.chance(200)) {
      packets.push(packet(after(first, part.to), flag.reset));
      whole = false;
    }
  }
  const finished = !random.chance(4);
  if (finished) packets.push(packet(after(first, stream.length), flag.data | flag.fin));
  return { stream, boundaries, messages: count, first, packets, whole, finished, version };
}

function opening(
  random: Random,
  { odd }: Climate,
  stream: Buffer,
  syn: (flags: number, data?: Buffer) => Buffer,
): Buffer {
  return odd && random.chance(3) ? syn(flag.syn, stream.subarray(0, random.below(40))) : syn(flag.syn);
}

function payloadOf(
  random: Random,
  { disputed }: Climate,
  stream: Buffer,
  { from, to }: Segment,
  seen: Uint8Array,
): Buffer {
  const payload = Buffer.from(stream.subarray(from, to));
  if (disputed && random.chance(4))
    for (let at = from; at < to; at += 1) if (seen[at] === 1) payload[at - from] = disputing(stream[at] ?? 0);
  seen.fill(1, from, to);
  return payload;
}

/** What tells nothing: none of it may change what is told. */
function oddity(
  random: Random,
  { late }: Climate,
  first: number,
  length: number,
  packet: (sequence: number, flags: number, payload?: Buffer) => Buffer,
): Buffer {
  const far = after(first, length + 2 ** 21 + random.below(2 ** 30));
  const within = after(first, random.below(length));
  const all = [
    () => packet(far, flag.reset),
    () => packet(after(first, -1), flag.syn),
    () => packet(within, 0x10),
    // A keep-alive has a byte that was acknowledged long ago (RFC 9293, 3.8.4).
    () => packet(after(first, -1), 0x10, Buffer.from([0xee])),
    () => packet(after(first, -200), flag.data | flag.fin, Buffer.alloc(100)),
    // Where nothing was seen yet, everything else would be measured by it.
    () => packet(after(first, 2 ** 30 + length + 10), flag.data, Buffer.alloc(late ? 0 : 64, 1)),
    () => Buffer.from(Array.from({ length: random.below(120) }, () => random.below(256))),
    () => packet(within, flag.data).fill(random.below(256), 20, 24 + random.below(30)),
  ];
  return (all[random.below(all.length)] as () => Buffer)();
}
