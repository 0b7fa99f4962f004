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
  /** What it does now, and whose it is; null at rest. */
  #doing: string | null = null;

  /** What this agent carries out now, for whoever wants to begin something; null at rest. */
  get doing(): string | null {
    return this.#doing === null ? null : underWay(this.#doing);
  }

  /**
   * From the first look until the end of the change nobody else begins one. Resolves once it runs.
   *
   * @param doing what it is, and whose, for those who are refused meanwhile
   * @throws Refusal
   */
  async begin(doing: string, look: () => Promise<Ready>): Promise<Begun> {
    this.#enter(doing);
    try {
      const { id, leadsTo, run } = await look();
      const log = this.#log(id);
      const work = run((progress) => log.say(progress)).catch((error: unknown) => defect(messageOf(error)));
      void work.then((outcome) => {
        this.#doing = null;
        log.say(outcome);
      });
      return { id, leadsTo };
    } catch (error) {
      this.#doing = null;
      throw error;
    }
  }

  /** The same for what is over before it is answered. */
  async alone<T>(doing: string, work: () => Promise<T>): Promise<T> {
    this.#enter(doing);
    return work().finally(() => {
      this.#doing = null;
    });
  }

  /** Follows a change from behind its progress number `after` to its end. @throws Refusal where this process did not begin it */
  follow(id: string, after = 0, signal?: AbortSignal): ReturnType<ProgressLog["follow"]> {
    const log = this.#logs.get(id);
    if (log === undefined)
      throw new Refusal("the agent that coordinated this change was started again: see 'holdfast history'");
    return log.follow(after, signal);
  }

  #enter(doing: string): void {
    if (this.#doing !== null) throw new Refusal(`${underWay(this.#doing)}: try again when it has ended`);
    this.#doing = `${doing} (since ${new Date().toISOString().slice(11, 19)} UTC)`;
  }

  #log(id: string): ProgressLog {
    const log = new ProgressLog();
    this.#logs.set(id, log);
    for (const oldest of [...this.#logs.keys()].slice(0, -remembered)) this.#logs.delete(oldest);
    return log;
  }
}

const underWay = (doing: string): string => `this agent carries out another change, ${doing}`;

const defect = (why: string): Outcome => ({
  kind: "ended",
  outcome: "unsettled",
  generation: null,
  nodes: [],
  without: [],
  confirm_by: null,
  trouble: [why, "the nodes settle this among themselves: see 'holdfast status'"],
});
