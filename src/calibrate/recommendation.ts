import type { Profile } from "../topology/cluster.js";
import { tolerated } from "../topology/timing.js";

/** What a node's timers did, in milliseconds; 0 where no stall reached one. */
export interface NodeStall {
  readonly node: string;
  readonly worst: number;
}

export interface Interval {
  /** Milliseconds between two adverts. */
  readonly interval: number;
  /** Null for one that no profile has. */
  readonly profile: Profile | null;
}

export interface Verdict {
  /** The quickest that holds on every node; null where none does. */
  readonly recommended: Interval | null;
  /** Of each node alone. */
  readonly nodes: readonly (NodeStall & { readonly quickest: Interval | null })[];
}

/** Quickest first. What lies between two profiles is written as `advert_interval`. */
const intervals: readonly Interval[] = [
  { interval: 20, profile: "fast" },
  { interval: 50, profile: null },
  { interval: 100, profile: "balanced" },
  { interval: 200, profile: null },
  { interval: 500, profile: null },
  { interval: 1_000, profile: "conservative" },
];

/** Half a minute does not see the rarest stall, and one may meet another on the other node. */
export const margin = 2;

/** Whether no stall that was seen, times the margin, would have been a failover. */
export const keepsOut = (worst: number, interval: number, downAdverts: number): boolean =>
  worst * margin <= tolerated(interval, downAdverts);

const quickestFor = (worst: number, downAdverts: number): Interval | null =>
  intervals.find(({ interval }) => keepsOut(worst, interval, downAdverts)) ?? null;

export function recommend(stalls: readonly NodeStall[], downAdverts: number): Verdict {
  return {
    recommended: quickestFor(Math.max(0, ...stalls.map(({ worst }) => worst)), downAdverts),
    nodes: stalls.map((stall) => ({ ...stall, quickest: quickestFor(stall.worst, downAdverts) })),
  };
}
