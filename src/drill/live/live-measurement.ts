import { allowance } from "../allowance.js";
import type { Alarm, Expectation } from "../drill.js";
import type { Verdict } from "../judge.js";
import { ms } from "../milliseconds.js";
import type { Told } from "../timeline.js";

/** What is timed on real nodes. Milliseconds. */
export interface Reading {
  /** What was timed, and by whom. */
  readonly what: string;
  /** The longest of all moves. */
  readonly value: number;
  readonly atMost: number;
  /** How long the machine that timed it stood still itself, as far as that is known. */
  readonly noise: number;
}

export const readingNames = {
  gap: "virtual IP silent for the new active node",
  takeover: "takeover, as its agent explains it",
  address: "virtual IP silent from here",
  service: "no new session from here",
} as const;

/** What a drill looks at in a lab, and could not here. */
export interface Unmeasured {
  readonly what: string;
  /** One clause. */
  readonly why: string;
}

export interface LiveMeasurement {
  readonly readings: readonly Reading[];
  readonly unmeasured: readonly Unmeasured[];
  /** How often a node became the owner of the virtual IPs, as the agents tell. */
  readonly moves: number;
  /** The node that was active before it all, after the move, and at the end. */
  readonly active: { readonly before: string; readonly meanwhile: string; readonly after: string };
  /** Sentences of agents that noticed two owners. */
  readonly twoOwners: readonly string[];
}

/** What a safe drill promises on real nodes, for the way there and the way back. Milliseconds. */
export interface LiveExpectation {
  readonly addressOutageAtMost: number;
  readonly serviceOutageAtMost: number;
  readonly moves: number;
  readonly told: readonly Alarm[];
}

/** One drill that was run on real nodes. */
export interface LiveDrillResult {
  readonly drill: string;
  readonly injected: string;
  /** ISO 8601, by the clock of the node that took over where it said so. */
  readonly at: string;
  readonly expected: LiveExpectation;
  readonly seen: LiveMeasurement;
  readonly verdict: Verdict;
  /** What the agents told meanwhile, each by its own clock. */
  readonly events: readonly Told[];
}

/** A drill's own expectation, as far as real nodes can be held to it; probes there lose to a busy processor as `switchover` allows. */
export const liveExpectation = ({
  addressOutageAtMost,
  serviceOutageAtMost,
  told,
}: Expectation): LiveExpectation => ({
  addressOutageAtMost: addressOutageAtMost + allowance.noise,
  serviceOutageAtMost: serviceOutageAtMost + allowance.noise,
  moves: 2,
  told,
});

/** Holds what was seen against what was promised. What was not measured is not judged. */
export function judgeLive(
  { readings, moves, active, twoOwners }: LiveMeasurement,
  expected: LiveExpectation,
  events: readonly Told[],
): Verdict {
  const reasons = readings
    .filter(({ value, atMost, noise }) => value > atMost + noise)
    .map(({ what, value, atMost }) => `${what} ${ms(value)}, expected at most ${ms(atMost)}`);
  if (moves !== expected.moves)
    reasons.push(`the virtual IPs moved ${moves} times, expected ${expected.moves}: there and back`);
  if (active.after !== active.before)
    reasons.push(`${active.after} is active, which was ${active.before} before`);
  reasons.push(...twoOwners);
  for (const { kind, says } of expected.told.filter((alarm) => !isTold(events, alarm)))
    reasons.push(`no agent told of it: no event ${kind} says '${says}'`);
  return { pass: reasons.length === 0, reasons };
}

/** Clocks of several machines differ: all that is new counts. */
export const isTold = (events: readonly Told[], { kind, says }: Alarm): boolean =>
  events.some((event) => event.kind === kind && event.text.includes(says));
