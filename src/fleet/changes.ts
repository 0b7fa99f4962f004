import type { Outcome, Progress } from "../api/progress.js";
import { ProgressLog } from "./progress-log.js";
import { messageOf, Refusal } from "./refusal.js";

/** A change that has begun. */
export interface Begun {
  readonly id: string;
  /** The number of the generation that runs at its end, if all goes well. */
  readonly leadsTo: number;
}

/** A change that may begin, and the work that brings it to its end. */
export interface Ready extends Begun {
  readonly run: (say: (progress: Progress) => void) => Promise<Outcome>;
}

/** How many changes can still be followed after their end. */
const remembered = 20;

/** The changes that this agent coordinates: one at a time, each followed by whoever wants to. */
export class Changes {
  readonly #logs = new Map<string, ProgressLog>();
  #busy = false;

  /** From the first look until the end of the change nobody else begins one. Resolves once it runs. @throws Refusal */
  async begin(look: () => Promise<Ready>): Promise<Begun> {
    this.#enter();
    try {
      const { id, leadsTo, run } = await look();
      const log = this.#log(id);
      const work = run((progress) => log.say(progress)).catch((error: unknown) => defect(messageOf(error)));
      void work.then((outcome) => {
        this.#busy = false;
        log.say(outcome);
      });
      return { id, leadsTo };
    } catch (error) {
      this.#busy = false;
      throw error;
    }
  }

  /** The same for what is over before it is answered. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    this.#enter();
    return work().finally(() => {
      this.#busy = false;
    });
  }

  /** Follows a change from behind its progress number `after` to its end. @throws Refusal where this process did not begin it */
  follow(id: string, after = 0, signal?: AbortSignal): ReturnType<ProgressLog["follow"]> {
    const log = this.#logs.get(id);
    if (log === undefined)
      throw new Refusal("the agent that coordinated this change was started again: see 'holdfast history'");
    return log.follow(after, signal);
  }

  #enter(): void {
    if (this.#busy) throw new Refusal("this agent carries out another change: try again when it has ended");
    this.#busy = true;
  }

  #log(id: string): ProgressLog {
    const log = new ProgressLog();
    this.#logs.set(id, log);
    for (const oldest of [...this.#logs.keys()].slice(0, -remembered)) this.#logs.delete(oldest);
    return log;
  }
}

const defect = (why: string): Outcome => ({
  kind: "ended",
  outcome: "unsettled",
  generation: null,
  nodes: [],
  confirm_by: null,
  trouble: [why, "the nodes settle this among themselves: see 'holdfast status'"],
});
