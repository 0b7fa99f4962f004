import { lengthAt } from "../openflow/header.js";
import { Type } from "../openflow/message-type.js";
import { answered } from "../openflow/version.js";
import { Answers } from "../session/answers.js";
import { SwitchMemory } from "../session/switch-memory.js";
import { Counters } from "./counters.js";
import { MasterLink } from "./master-link.js";
import type { MasterPlace } from "./master-place.js";
import type { QueueBudget } from "./queue.js";
import { type Inheritance, SwitchStream } from "./switch-stream.js";

/** Bytes that wait for a session that may never come: what a switch says before it says who it is, say. */
const mostUnnamed = 16_384;

/** One switch at the master controller: its captured stream on one side, a connection of its own on the other. */
export class SwitchMirror extends MasterLink {
  readonly stream: SwitchStream;
  /** Another connection of the same switch has its session. */
  displaced = false;
  /** Of a further connection: that of its switch, in whose session it has its words (OpenFlow 1.3.5, 6.3.5). */
  carrier: SwitchMirror | null = null;

  constructor(
    place: MasterPlace,
    clock: () => number,
    start: number | null,
    inherited: Inheritance | null = null,
    budget?: QueueBudget,
  ) {
    const memory = inherited?.memory ?? new SwitchMemory();
    const counters = new Counters();
    counters.dropped = inherited?.waiting ?? 0;
    const answers = (version: number) => new Answers(memory, version, place.writes);
    super(place, clock, { memory, counters, answers }, budget);
    this.stream = new SwitchStream(
      { run: (bytes, messages) => this.#pass(bytes, messages), learned: () => this.learned() },
      start ?? inherited?.position ?? null,
      memory,
      counters,
    );
  }

  override flush(): void {
    super.flush();
    this.carrier?.flush();
  }

  override tick(): void {
    this.stream.tick(this.clock());
    if (!this.stream.ended) super.tick();
  }

  #pass(bytes: Buffer, messages: number): void {
    const { identity } = this.stream.memory;
    if (this.carrier !== null) this.#carry(bytes, this.carrier);
    else if (identity !== null && answered(identity.version) && !this.displaced) this.give(bytes, messages);
    else if (this.queued.bytes + bytes.length <= mostUnnamed) this.give(bytes, messages);
    else this.counters.dropped += messages;
  }

  /** Who the switch is, and whether the connection lives, is known on the other one. */
  #carry(bytes: Buffer, carrier: SwitchMirror): void {
    for (let at = 0; at < bytes.length; at += lengthAt(bytes, at)) {
      const type = bytes.readUInt8(at + 1);
      if (type !== Type.featuresReply && type !== Type.echoRequest)
        carrier.give(bytes.subarray(at, at + lengthAt(bytes, at)), 1);
    }
  }
}
