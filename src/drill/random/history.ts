import type { Event } from "../../api/event.js";
import type { Interval, Timeline } from "../timeline.js";
import type { Blow, Cost } from "./blow.js";

/** A fault that was there. Times are the timeline's. */
export interface Struck extends Interval {
  readonly blow: Blow;
}

/** All that is known of a round of random faults, from calm to calm. */
export interface History {
  /** Of the first fault, in wall-clock milliseconds. */
  readonly begunAt: number;
  readonly timeline: Timeline;
  readonly struck: readonly Struck[];
  /** What every agent's log said, whenever it was asked. */
  readonly logs: readonly (readonly Event[])[];
  /** What is still otherwise than before the first fault, after the last was undone: sentences. */
  readonly left: readonly string[];
}

/** Something that must never be. */
export interface Violation {
  /** Milliseconds after the first fault. */
  readonly at: number;
  readonly text: string;
}

const overlap = (one: Interval, other: Interval): boolean =>
  one.from <= other.until && other.from <= one.until;

/** Faults that were there in a time, or whose machine was not whole again by its beginning. */
export const aroundIn = ({ struck }: History, within: Interval): Struck[] =>
  struck.filter((each) => overlap({ from: each.from, until: each.until + each.blow.recovery }, within));

/** What it may have cost. */
export const costOf = ({ blow, from, until }: Struck): Cost => blow.costs(until - from);

/** For so long agents may have found nothing. */
export const witsAway = (struck: readonly Struck[]): number =>
  Math.max(0, ...struck.map((each) => costOf(each).wits));

/** How long the machine that carries the lab stood still in a time, at most at once. Milliseconds. */
export const noiseIn = ({ timeline: { lanes } }: History, within: Interval): number =>
  Math.max(
    0,
    ...lanes
      .filter(({ kind }) => kind === "pause")
      .flatMap(({ silent }) => silent.filter((each) => overlap(each, within)))
      .map(({ from, until }) => until - from),
  );
