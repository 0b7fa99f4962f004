import { allowance } from "./allowance.js";
import type { Alarm, Expectation, Promised, Range } from "./drill.js";
import { addressOutage, type Measurement } from "./measurement.js";
import { ms } from "./milliseconds.js";
import { misledWords } from "./neighbours.js";
import type { Told } from "./timeline.js";
import { wayBackTroubles } from "./way-back.js";

export interface Verdict {
  readonly pass: boolean;
  /** Each expectation that was not met, in words. */
  readonly reasons: readonly string[];
}

/** A fault's moment is noted a little late; milliseconds. */
const clocksApart = 5;

/** Holds what was seen against what was promised. */
export function judge(seen: Measurement, expected: Promised, events: readonly Told[]): Verdict {
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
  if (!movedAlike(seen.owners.byNetwork, expected.ownerChanges))
    reasons.push(`the networks did not move alike: ${changesWords(seen.owners.byNetwork)}`);
  atMost("two owners for", seen.owners.twoOwners, expected.twoOwnersAtMost);
  const { lost, backAfter, messagesDuplicated } = seen.sessions;
  if (expected.sessionsLostAtMost !== null && lost > expected.sessionsLostAtMost)
    reasons.push(`${lost} sessions ended, expected at most ${expected.sessionsLostAtMost}`);
  if (backAfter === null) reasons.push("a session never came back");
  else atMost("sessions were back after", backAfter, expected.sessionsBackWithin);
  if (lost === 0)
    atMost("sessions that went on stood still for", seen.sessions.longestSilence, standstillAtMost(expected));
  if (messagesDuplicated > 0) reasons.push(`${messagesDuplicated} messages of sessions were answered twice`);
  const wayBack = wayBackTroubles(seen.recovery, expected.recovery);
  if (wayBack.length > 0) reasons.push(`once it was mended, ${wayBack.join(" and ")}`);
  reasons.push(...seen.neighbours.misled.map((each) => misledWords(each, seen.neighbours.after)));
  if (seen.strangers > 0)
    reasons.push(
      `${seen.strangers} packets of the service came from an address that the switches do not know`,
    );
  reasons.push(...seen.meanwhile, ...seen.left);
  for (const { kind, says } of missing(events, expected.told))
    reasons.push(`no agent told of it: no event ${kind} says '${says}'`);
  return { pass: reasons.length === 0, reasons };
}

/** For how long a session may wait that does not end: TCP repeats what was lost meanwhile. Milliseconds. */
export const standstillAtMost = ({ serviceOutageAtMost, sessionsBackWithin }: Expectation): number =>
  Math.max(serviceOutageAtMost, sessionsBackWithin) + allowance.repeated;

export const isWithin = (seen: number, expected: number | Range): boolean =>
  typeof expected === "number" ? seen === expected : seen >= expected.least && seen <= expected.most;

type Changes = Measurement["owners"]["byNetwork"];

/** A sync group moves all networks or none: as often as each other, unless each may have moved more or less often. */
export function movedAlike(networks: Changes, expected: number | Range): boolean {
  const counts = networks.map(({ changes }) => changes);
  return (
    new Set(counts).size <= 1 ||
    (typeof expected !== "number" && counts.every((each) => isWithin(each, expected)))
  );
}

/** `switches 1, controllers 0` */
export const changesWords = (networks: Changes): string =>
  networks.map(({ network, changes }) => `${network} ${changes}`).join(", ");

export const changesText = (changes: number | Range): string =>
  typeof changes === "number" ? String(changes) : `${changes.least} to ${changes.most}`;

/** The alarms that nobody raised since the fault. */
export const missing = (events: readonly Told[], alarms: readonly Alarm[]): Alarm[] =>
  alarms.filter(
    ({ kind, says, begins = false }) =>
      !events.some(
        ({ at, text, ...event }) =>
          event.kind === kind && at >= -clocksApart && (begins ? text.startsWith(says) : text.includes(says)),
      ),
  );
