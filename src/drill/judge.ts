import type { Alarm, Expectation, Range } from "./drill.js";
import { addressOutage, type Measurement } from "./measurement.js";
import { misledWords } from "./neighbours.js";
import type { Told } from "./timeline.js";

export interface Verdict {
  readonly pass: boolean;
  /** Each expectation that was not met, in words. */
  readonly reasons: readonly string[];
}

/** A fault's moment is noted a little late; milliseconds. */
const clocksApart = 5;

const ms = (value: number): string => `${Math.round(value)} ms`;

/** Holds what was seen against what was promised. */
export function judge(seen: Measurement, expected: Expectation, events: readonly Told[]): Verdict {
  const reasons: string[] = [];
  // What the machine itself missed is no fault of the cluster.
  const atMost = (what: string, value: number, limit: number): void => {
    if (value > limit + seen.noise) reasons.push(`${what} ${ms(value)}, expected at most ${ms(limit)}`);
  };
  if (!seen.settled) reasons.push("the switches were not served again before the deadline");
  atMost("virtual IP silent for", addressOutage(seen), expected.addressOutageAtMost);
  atMost("service silent for", seen.serviceOutage ?? 0, expected.serviceOutageAtMost);
  if (!isWithin(seen.owners.changes, expected.ownerChanges))
    reasons.push(
      `the virtual IPs moved ${seen.owners.changes} times, expected ${changesText(expected.ownerChanges)}`,
    );
  atMost("two owners for", seen.owners.twoOwners, expected.twoOwnersAtMost);
  const { lost, backAfter } = seen.sessions;
  if (expected.sessionsLostAtMost !== null && lost > expected.sessionsLostAtMost)
    reasons.push(`${lost} sessions ended, expected at most ${expected.sessionsLostAtMost}`);
  if (backAfter === null) reasons.push("a session never came back");
  else atMost("sessions were back after", backAfter, expected.sessionsBackWithin);
  reasons.push(...seen.neighbours.misled.map((each) => misledWords(each, seen.neighbours.after)));
  reasons.push(...seen.meanwhile, ...seen.left);
  for (const { kind, says } of missing(events, expected.told))
    reasons.push(`no agent told of it: no event ${kind} says '${says}'`);
  return { pass: reasons.length === 0, reasons };
}

export const isWithin = (seen: number, expected: number | Range): boolean =>
  typeof expected === "number" ? seen === expected : seen >= expected.least && seen <= expected.most;

export const changesText = (changes: number | Range): string =>
  typeof changes === "number" ? String(changes) : `${changes.least} to ${changes.most}`;

/** The alarms that nobody raised since the fault. */
export const missing = (events: readonly Told[], alarms: readonly Alarm[]): Alarm[] =>
  alarms.filter(
    ({ kind, says }) =>
      !events.some((event) => event.kind === kind && event.at >= -clocksApart && event.text.includes(says)),
  );
