import type { TcpPacket } from "../capture/tcp-packet.js";
import { Type } from "../openflow/message-type.js";
import { SwitchMemory } from "../session/switch-memory.js";
import { Framer, type MessageSink } from "../stream/framer.js";
import { Reassembly } from "../stream/reassembly.js";
import { after, distance } from "../stream/sequence.js";
import { Counters } from "./counters.js";

/** What another node knew of a stream: what the switch told, and up to which byte. */
export interface Inheritance {
  readonly memory: SwitchMemory;
  readonly position: number;
  /** Messages that waited there for the master controller, which it did not get. */
  readonly waiting: number;
  /** Nothing came of it there for long. */
  readonly silent?: boolean;
}

export interface StreamListener {
  /** Whole messages of the switch's; good until the call returns. Its greeting is not among them: the session sends that. */
  run(bytes: Buffer, messages: number): void;
  /** The memory grew. */
  learned(): void;
}

/** An end is believed where a receiver would: near the next byte (RFC 9293, 3.10.7.4), or near the last that was seen. */
const window = 2 ** 20;

/** Bytes of a stream that are kept at most: segments behind a hole, a message that is not whole, a search for the next. */
export const mostInHand = 2 ** 20;

/** One connection of a switch, as it was captured: its messages, and what the switch told about itself. */
export class SwitchStream implements MessageSink {
  readonly #framer: Framer;
  readonly #reassembly: Reassembly;
  /** Bytes of its greeting at the start of the run that is told next. */
  #greeting = 0;
  #begun = false;
  #end: number | null = null;
  #ended = false;
  #revision = 0;

  /** @param start the number of a message's first byte; null where the capture begins anywhere in one */
  constructor(
    private readonly listener: StreamListener,
    start: number | null,
    readonly memory = new SwitchMemory(),
    private readonly counters = new Counters(),
  ) {
    this.#framer = new Framer(this, memory.identity?.version ?? 0, start !== null);
    this.#reassembly = new Reassembly(this.#framer);
    if (start !== null) this.#reassembly.start(start);
  }

  /** Nothing more will come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Changes of what the switch told. */
  get revision(): number {
    return this.#revision;
  }

  /** Whether it is known where messages begin. */
  get inStep(): boolean {
    return this.#framer.inStep;
  }

  /** The number of the first byte that no message which was told has; null while none is known. */
  get position(): number | null {
    const { next } = this.#reassembly;
    return next === null ? null : after(next, -this.#framer.pending);
  }

  /** Bytes that were captured, and not told or given up yet. */
  get inHand(): number {
    return this.#reassembly.held + this.#framer.held;
  }

  packet({ sequence, payload, syn, fin, reset }: TcpPacket, now: number): void {
    if (reset) {
      if (this.#reassembly.near(sequence, window)) this.#ended = true;
      return;
    }
    // A SYN has a number of its own, before the data that may come with it (RFC 7413).
    const first = syn ? after(sequence, 1) : sequence;
    const believed = fin && this.#reassembly.near(first, window);
    const { next } = this.#reassembly;
    if (payload.length > 0) this.#reassembly.segment(first, payload, now);
    if (believed) this.#finish(next, after(first, payload.length), now);
    this.#lookForEnd();
  }

  /** No hole is waited for. */
  giveUp(now: number): void {
    this.#reassembly.end(now);
    this.#lookForEnd();
  }

  tick(now: number): void {
    this.#reassembly.tick(now);
    this.#lookForEnd();
  }

  /** @param next the next byte's number before this packet came: an end before it is one of long ago */
  #finish(next: number | null, end: number, now: number): void {
    if (next !== null && distance(next, end) < 0) return;
    this.#end = end;
    this.#reassembly.finish(end, now);
  }

  #lookForEnd(): void {
    const { next } = this.#reassembly;
    if (this.#end !== null && next !== null && distance(this.#end, next) >= 0) this.#ended = true;
  }

  seen(type: number, bytes: Buffer, at: number, length: number): void {
    this.counters.types[type] = (this.counters.types[type] ?? 0) + 1;
    if (type === Type.packetIn || type === Type.flowRemoved) return;
    if (type === Type.hello && !this.#begun && at === 0) this.#greeting = length;
    this.memory.learn(type, bytes.readUInt8(at), bytes.subarray(at, at + length));
  }

  messages(bytes: Buffer, count: number): void {
    this.#begun = true;
    this.counters.messages += count;
    this.counters.bytes += bytes.length;
    const own = this.#greeting;
    this.#greeting = 0;
    if (count > (own > 0 ? 1 : 0))
      this.listener.run(own > 0 ? bytes.subarray(own) : bytes, own > 0 ? count - 1 : count);
    if (this.memory.revision === this.#revision) return;
    this.#revision = this.memory.revision;
    this.listener.learned();
  }

  resynced(bytes: number): void {
    this.counters.resyncs += 1;
    this.counters.lostBytes += bytes;
    this.memory.missed();
  }
}
