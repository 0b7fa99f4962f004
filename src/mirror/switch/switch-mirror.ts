import { Answers } from "../session/answers.js";
import { SwitchMemory } from "../session/switch-memory.js";
import { Counters } from "./counters.js";
import { MasterLink } from "./master-link.js";
import type { MasterPlace } from "./master-place.js";
import type { QueueBudget } from "./queue.js";
import { type Inheritance, SwitchStream } from "./switch-stream.js";

/** One switch at the master controller: its captured stream on one side, a connection of its own on the other. */
export class SwitchMirror extends MasterLink {
  readonly stream: SwitchStream;

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
      { run: (bytes, messages) => this.give(bytes, messages), learned: () => this.learned() },
      start ?? inherited?.position ?? null,
      memory,
      counters,
    );
  }

  override tick(): void {
    this.stream.tick(this.clock());
    if (!this.stream.ended) super.tick();
  }
}
