import { NotPcap, PcapReader } from "../../../src/capture/pcap.js";
import { type TcpPacket, tcpPacketIn } from "../../../src/mirror/capture/tcp-packet.js";
import { mayBegin } from "../../../src/mirror/openflow/header.js";
import { message } from "../../../src/mirror/openflow/message.js";
import { SwitchMemory } from "../../../src/mirror/session/switch-memory.js";
import { after, distance } from "../../../src/mirror/stream/sequence.js";
import { Counters } from "../../../src/mirror/switch/counters.js";
import { type Inheritance, mostInHand, SwitchStream } from "../../../src/mirror/switch/switch-stream.js";
import { captured } from "../capture/captured.js";
import { pcapFile } from "../capture/pcap-file.js";
import { Random } from "../stream/random.js";
import { type Climate, disputing, type WildCapture, wildCapture } from "./wild-capture.js";

/** Every mixture of what may befall a connection comes in turn. */
export const climateOf = (seed: number): Climate => ({
  losses: (seed & 1) !== 0,
  late: (seed & 2) !== 0,
  hostile: (seed & 4) !== 0,
  disputed: (seed & 8) !== 0,
  odd: (seed & 16) !== 0,
});

/** A packet of the connection, by which it is told from others. */
const keys = ([4, 6] as const).map((family) => tcpPacketIn(captured(family, {}))?.key);

/**
 * One connection, from what tcpdump would write, to what is told. What is wrong with it; an empty text where nothing is.
 * The same seed makes the same connection.
 */
export function complaintAbout(seed: number, climate: Climate = climateOf(seed)): string {
  const random = new Random(seed);
  const capture = wildCapture(random, climate);
  const inherited = climate.late && random.chance(3) ? inheritance(random, capture) : null;
  const witness = new Witness(capture, climate, inherited);
  // Many packets come together, or each by itself.
  const pace = random.chance(4) ? 1 : 30;
  let now = 0;
  try {
    for (const packet of reread(random, capture.packets, climate)) {
      now += random.below(pace);
      witness.packet(packet, now);
      if (random.chance(10)) witness.tick(now);
      if (witness.complaint !== "" || witness.stream?.ended) break;
    }
    // A hole that stays is given up, one after the other.
    for (let holes = 1; holes < 1_500 && witness.waits; holes += 1) witness.tick(now + 1_500 * holes);
  } catch (error) {
    return `it threw ${error instanceof Error ? error.stack : error}`;
  }
  return witness.complaint || witness.atTheEnd();
}

function inheritance(random: Random, { version, boundaries, first, stream }: WildCapture): Inheritance {
  const memory = new SwitchMemory();
  memory.learn(6, version, message(version, 6, 1, Buffer.alloc(24)));
  const places = [...boundaries].filter((place) => place < stream.length);
  return {
    memory,
    waiting: 0,
    position: after(first, places[random.below(Math.min(places.length, 3))] ?? 0),
  };
}

/** Through a pcap file that comes in pieces. One that is damaged may end early, and says so. */
function reread(random: Random, packets: readonly Buffer[], { hostile }: Climate): TcpPacket[] {
  const file = pcapFile(packets);
  const damaged = hostile && random.chance(10);
  if (damaged) file.writeUInt8(random.below(256), random.below(Math.min(file.length, 400)));
  const reader = new PcapReader(262_144);
  const read: Buffer[] = [];
  try {
    for (let at = 0; at < file.length; ) {
      const size = 1 + random.below(random.chance(3) ? 50 : 30_000);
      // The buffer that a pipe is read into is used again.
      read.push(...reader.read(Buffer.from(file.subarray(at, at + size))).map(({ bytes }) => bytes));
      at += size;
    }
  } catch (error) {
    if (!(damaged && error instanceof NotPcap)) throw error;
  }
  if (!damaged && !Buffer.concat(read).equals(Buffer.concat([...packets])))
    throw new Error("the reader's packets are not those of the file");
  return read.flatMap((bytes) => tcpPacketIn(bytes) ?? []).filter(({ key }) => keys.includes(key));
}

/** Looks at everything that is told, as it is told. */
class Witness {
  stream: SwitchStream | null = null;
  readonly #counters = new Counters();
  complaint = "";
  /** The number of the first byte that is accounted for. */
  #base: number | null = null;

  constructor(
    private readonly capture: WildCapture,
    private readonly climate: Climate,
    inherited: Inheritance | null,
  ) {
    if (inherited !== null) this.#open(null, inherited);
  }

  packet(packet: TcpPacket, now: number): void {
    if (this.stream === null) {
      if (!packet.syn && packet.payload.length === 0) return;
      this.#open(packet.syn ? after(packet.sequence, 1) : null, null);
    }
    const stream = this.stream as unknown as SwitchStream;
    const unbegun = stream.position === null && !packet.reset;
    stream.packet(packet, now);
    if (unbegun && packet.payload.length > 0) this.#base = packet.sequence;
    this.#look(stream);
  }

  tick(now: number): void {
    this.stream?.tick(now);
    if (this.stream !== null) this.#look(this.stream);
  }

  /** Whether time alone will still change something. */
  get waits(): boolean {
    const { stream } = this;
    return stream !== null && !stream.ended && (this.capture.finished || stream.inHand > 0);
  }

  atTheEnd(): string {
    const { stream, capture, climate } = this;
    const { resyncs, messages, bytes } = this.#counters;
    if (stream === null) return "";
    if (capture.finished && !climate.hostile && stream.position !== null && !stream.ended)
      return "its end went unnoticed";
    if (climate.hostile || climate.disputed || !capture.whole) return "";
    if (resyncs > 0) return `${resyncs} resyncs although nothing was lost`;
    if (messages !== capture.messages) return `${messages} of ${capture.messages} messages`;
    return bytes === capture.stream.length ? "" : "messages are whole, and bytes are missing";
  }

  #open(start: number | null, inherited: Inheritance | null): void {
    this.#base = start ?? inherited?.position ?? null;
    this.stream = new SwitchStream(
      { run: (bytes, messages) => this.#run(bytes, messages), learned: () => undefined },
      start ?? inherited?.position ?? null,
      inherited?.memory,
      this.#counters,
    );
  }

  #look(stream: SwitchStream): void {
    const { position, inHand } = stream;
    const { bytes, lostBytes } = this.#counters;
    if (inHand > mostInHand) this.complaint ||= `${inHand} bytes in hand`;
    if (position === null || this.#base === null) return;
    if (after(this.#base, bytes + lostBytes) !== position)
      this.complaint ||= `bytes went uncounted: ${bytes} told, ${lostBytes} lost, at ${position - this.#base}`;
  }

  #run(bytes: Buffer, messages: number): void {
    const { stream, capture, climate } = this;
    if (stream === null || this.#base === null) return;
    let [at, count] = [0, 0];
    while (at + 8 <= bytes.length && mayBegin(bytes, at, 0)) {
      at += bytes.readUInt16BE(at + 2);
      count += 1;
    }
    if (at !== bytes.length || count !== messages) this.complaint ||= "what was told is not whole messages";
    const end = distance(capture.first, after(this.#base, this.#counters.bytes + this.#counters.lostBytes));
    const place = end - bytes.length;
    if (climate.hostile) return;
    if (place < 0 || end > capture.stream.length) this.complaint ||= `a run at ${place}, outside the stream`;
    for (let index = 0; index < bytes.length; index += 1) {
      const [told, sent] = [bytes[index], capture.stream[place + index] ?? 0];
      if (told !== sent && !(climate.disputed && told === disputing(sent)))
        this.complaint ||= `a byte at ${place + index} that nobody sent`;
    }
    if (climate.disputed) return;
    for (let from = 0; from < bytes.length; from += bytes.readUInt16BE(from + 2))
      if (!capture.boundaries.has(place + from))
        this.complaint ||= `a message at ${place + from}, where none begins`;
  }
}
