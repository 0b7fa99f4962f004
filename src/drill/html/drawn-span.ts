import type { Interval, Lane, Timeline } from "../timeline.js";
import type { Drawable } from "./drawable.js";

/** Milliseconds that are drawn before the fault, and at least after it. */
const before = 300;
const atLeast = 500;

/** Milliseconds: probes are late by this where nothing is wrong. */
const usual = 20;

/** A silence that is longer than those before the fault, and than the machine's own, is a sign of it. */
export function tells({ silent }: Lane, noise: number): (silence: Interval) => boolean {
  const most = Math.max(usual, noise, ...silent.filter(({ until }) => until <= 0).map(lengthOf));
  return (silence) => lengthOf(silence) > most;
}

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
export function drawnSpan({ timeline, seen }: Pick<Drawable, "timeline" | "seen">): Interval {
  const last = lastOf({ timeline, seen });
  return spanUntil(timeline, last * 1.3 + 100);
}

/** The same of several faults: until the last of them is mended, too. */
export function drawnRound({ timeline, seen }: Pick<Drawable, "timeline" | "seen">): Interval {
  const last = Math.max(mendedAt(timeline), lastOf({ timeline, seen }));
  return spanUntil(timeline, last * 1.02 + 400);
}

function spanUntil({ from, until: end }: Timeline, until: number): Interval {
  const least = Math.max(atLeast, until);
  return {
    from: Math.max(-before, from),
    until: Math.min(Math.ceil(least / 50) * 50, Math.max(end, atLeast)),
  };
}

/** When a fault was last seen to matter. */
function lastOf({ timeline, seen }: Pick<Drawable, "timeline" | "seen">): number {
  const mended = mendedAt(timeline);
  const served = timeline.lanes.flatMap((lane) => {
    if (lane.kind === "pause" || lane.kind === "stranger") return [];
    const most = longest(lane, mended);
    return most !== null && (lane.kind === "session" || tells(lane, seen.noise)(most)) ? [most.until] : [];
  });
  const moved = timeline.owners.filter(({ from }) => from > 0 && from < mended).map(({ from }) => from);
  return Math.max(0, ...served, ...moved);
}
