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
  /** Milliseconds in which a whole node had to serve, and in which there was none. */
  readonly judged: number;
  readonly unjudged: number;
  readonly verdict: Verdict;
  readonly timeline: Timeline;
}

/** Random faults, round after round; the same ones for the same seed. */
export interface RandomReport {
  readonly seed: number;
  readonly faults: number;
  readonly rounds: readonly RandomResult[];
}

/** For instance `20 of seed 1 in 4 rounds: 0 violations`. */
export function randomSum({ seed, rounds }: RandomReport): string {
  const faults = rounds.reduce((sum, each) => sum + each.faults, 0);
  const violated = rounds.reduce((sum, { verdict }) => sum + verdict.reasons.length, 0);
  return `${faults} of seed ${seed} in ${rounds.length} rounds: ${violated} violations`;
}

/** For how long somebody had to serve. */
export function judgedText({ rounds }: RandomReport): string {
  const [judged, unjudged] = (["judged", "unjudged"] as const).map((which) =>
    Math.round(rounds.reduce((sum, round) => sum + round[which], 0)),
  );
  return `A whole node had to serve for ${judged} ms, and for ${unjudged} ms there was none.`;
}

/** What of them there is to say on a terminal. */
export const randomText = (report: RandomReport): string =>
  [
    ...report.rounds.flatMap(({ drill, verdict }) => verdict.reasons.map((reason) => `${drill}: ${reason}`)),
    `Random faults: ${randomSum(report)}.`,
    judgedText(report),
  ].join("\n");
