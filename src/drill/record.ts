import { setTimeout as sleep } from "node:timers/promises";
import type { Alarm } from "./drill.js";
import { missing } from "./judge.js";
import type { Subject } from "./subject.js";
import { after, type FaultSpan, type Interval, type Timeline, type Told } from "./timeline.js";
import type { Watch } from "./watch.js";

/** Milliseconds: a takeover is told when its consequences are seen. */
const toldWithin = 6_000;
const lookEvery = 300;

/**
 * All that a watch saw, beside the faults and what agents told, from the first fault on.
 *
 * @param faults at least one, in wall-clock milliseconds as `within`
 */
export function timelineOf(
  faults: readonly FaultSpan[],
  within: Interval,
  watch: Watch,
  events: readonly Told[],
): Timeline {
  const begun = faults[0]?.from ?? within.from;
  return {
    ...after(begun, within),
    faults: faults.map((fault) => ({ ...fault, ...after(begun, fault) })),
    owners: watch.measure(begun, within.until).owners.timeline,
    contests: watch.contests(begun, within.until),
    lanes: watch.lanes(begun, within),
    events,
  };
}

/** What agents told since `within.from`, from the first fault on; waited for while an alarm is missing. */
export async function toldSince(
  { from }: Interval,
  begun: number,
  alarms: readonly Alarm[],
  subject: Subject,
  signal: AbortSignal,
): Promise<Told[]> {
  for (const end = Date.now() + toldWithin; ; await sleep(lookEvery, undefined, { signal })) {
    const told = (await subject.logs())
      .flat()
      .map(({ at, node, kind, text }) => ({ at: Date.parse(at), node, kind, text }))
      .filter(({ at }) => at >= from)
      .map((event) => ({ ...event, at: event.at - begun }))
      .sort((one, other) => one.at - other.at);
    if (missing(told, alarms).length === 0 || Date.now() > end) return told;
  }
}
