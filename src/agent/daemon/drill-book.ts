import type { Event } from "../../api/event.js";
import type { EventLog, Happening } from "../events/log.js";

/** What a drill of that name came to when it was last run. */
export interface Verdict {
  readonly drill: string;
  readonly passed: boolean;
  /** ISO 8601. */
  readonly at: string;
}

/** Verdicts that are kept: what a drill is called is its caller's choice, and a metric has a series for each. */
export const mostVerdicts = 64;

/** Events that are read at a time: a start is not to hold the whole log in memory. */
const page = 500;

/** The last verdict on each drill that this node heard of. */
export class DrillBook {
  /** The newest last. */
  verdicts: readonly Verdict[] = [];

  constructor(private readonly log: Pick<EventLog, "read" | "appendAndTell">) {}

  /** Reads all that the log still tells: between two drills there may be a week, and as many events as it takes. */
  async recall(): Promise<void> {
    for (let place: number | undefined = 0; place !== undefined; ) {
      const events: readonly Event[] = await this.log.read({ after: place, limit: page });
      for (const event of events) this.keep(event);
      place = events.at(-1)?.sequence;
    }
  }

  /** Tells of a drill's beginning or end, and resolves when readers know of it. */
  async note(event: Happening): Promise<void> {
    this.keep(await this.log.appendAndTell(event));
  }

  private keep(event: Event): void {
    const verdict = verdictIn(event);
    if (verdict !== null) this.verdicts = withVerdict(this.verdicts, verdict);
  }
}

/** What an event says of a drill that ended: null for any other event, also of one that was interrupted, and so judged nothing. */
export function verdictIn({ kind, at, details }: Pick<Event, "kind" | "at" | "details">): Verdict | null {
  const { drill, outcome } = details;
  if (kind !== "drill" || typeof drill !== "string") return null;
  return outcome === "passed" || outcome === "failed" ? { drill, passed: outcome === "passed", at } : null;
}

/** One verdict a drill, the newest last; where they are too many the oldest goes. */
export const withVerdict = (verdicts: readonly Verdict[], verdict: Verdict): Verdict[] =>
  [...verdicts.filter(({ drill }) => drill !== verdict.drill), verdict].slice(-mostVerdicts);
