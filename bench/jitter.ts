import { type Stall, watchTimers } from "../src/agent/calibration/timer-stalls.js";
import { realTimePriorities } from "../src/render/real-time.js";

/** The longest stalls within a time, in milliseconds; 0 where none reached a millisecond. */
export interface Stalls {
  /** Of a program like any other: what ours do to each other is in it. */
  readonly ordinary: number;
  /** At keepalived's priority: what the machine itself does to everybody. */
  readonly realTime: number;
}

/** Watches the machine's own timers while something is measured on it. */
export interface Jitter {
  /** The longest stalls that touch the time between two moments (milliseconds since 1970). */
  between(from: number, to: number): Stalls;
  /** Also once what is measured failed. */
  stop(): Promise<void>;
}

/** Starts the watch; it ends by itself when this process does. */
export async function recordJitter(): Promise<Jitter> {
  const timers = await watchTimers([0, realTimePriorities.keepalived]);
  return {
    between: (from, to) => longest(timers.stalls, from, to),
    stop: () => timers.stop(),
  };
}

/** Of all processors: what is measured may have run on any. */
export function longest(stalls: readonly Stall[], from: number, to: number): Stalls {
  const within = stalls.filter(({ until, length }) => until >= from && until - length <= to);
  const worst = (of: readonly Stall[]): number => of.reduce((most, { length }) => Math.max(most, length), 0);
  return {
    ordinary: worst(within.filter(({ priority }) => priority === 0)),
    realTime: worst(within.filter(({ priority }) => priority > 0)),
  };
}
