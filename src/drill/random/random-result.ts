import type { Verdict } from "../judge.js";
import type { Timeline } from "../timeline.js";

/** One round of random faults. */
export interface RandomResult {
  readonly drill: string;
  /** For instance `5 faults`. */
  readonly injected: string;
  /** ISO 8601, when the first fault was injected. */
  readonly at: string;
  readonly faults: number;
  readonly verdict: Verdict;
  readonly timeline: Timeline;
}

/** Random faults, round after round; the same ones for the same seed. */
export interface RandomReport {
  readonly seed: number;
  readonly faults: number;
  readonly rounds: readonly RandomResult[];
}

/** What of them there is to say on a terminal. */
export function randomText({ seed, rounds }: RandomReport): string {
  const faults = rounds.reduce((sum, each) => sum + each.faults, 0);
  const violated = rounds.flatMap(({ drill, verdict }) =>
    verdict.reasons.map((reason) => `${drill}: ${reason}`),
  );
  const sum = `${faults} random faults of seed ${seed} in ${rounds.length} rounds: ${violated.length} violations.`;
  return [...violated, sum].join("\n");
}
