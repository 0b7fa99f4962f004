import type { DrillResult } from "../report.js";
import type { Interval, Lane, Timeline } from "../timeline.js";

/** Milliseconds that are drawn before the fault, and at least after it. */
const before = 300;
const atLeast = 500;

/** Milliseconds: probes are late by this where nothing is wrong. */
const usual = 20;

/** A silence that is longer than those before the fault, and than the machine's own, is a sign of it. */
export const tells = (silence: Interval, { silent }: Lane, noise: number): boolean =>
  lengthOf(silence) > Math.max(usual, noise, ...silent.filter(({ until }) => until <= 0).map(lengthOf));

/** The longest silence that the fault can have to do with: from before it ended until it was mended. */
export const longest = ({ silent }: Lane, mended: number): Interval | null =>
  silent
    .filter(({ from, until }) => until > 0 && from < mended)
    .reduce<Interval | null>(
      (most, each) => (most === null || lengthOf(each) > lengthOf(most) ? each : most),
      null,
    );

const lengthOf = ({ from, until }: Interval): number => until - from;

/** When the fault was undone; what begins later has another reason. */
export const mendedAt = ({ faults, until }: Timeline): number =>
  Math.max(0, ...faults.map((fault) => fault.until)) || until;

/** From a moment before the fault until all is served again and a little more: seconds of calm say nothing. */
export function drawnSpan({ timeline, seen }: Pick<DrillResult, "timeline" | "seen">): Interval {
  const mended = mendedAt(timeline);
  const served = timeline.lanes.flatMap((lane) => {
    if (lane.kind === "pause" || lane.kind === "stranger") return [];
    const most = longest(lane, mended);
    return most !== null && (lane.kind === "session" || tells(most, lane, seen.noise)) ? [most.until] : [];
  });
  const moved = timeline.owners.filter(({ from }) => from > 0 && from < mended).map(({ from }) => from);
  const last = Math.max(0, ...served, ...moved);
  const until = Math.max(atLeast, last * 1.3 + 100);
  return {
    from: Math.max(-before, timeline.from),
    until: Math.min(Math.ceil(until / 50) * 50, Math.max(timeline.until, atLeast)),
  };
}
