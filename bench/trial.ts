import type { Bar } from "./bench.js";
import type { Stalls } from "./jitter.js";
import { spread } from "./statistics.js";

/** One run of a measurement, and how long the machine that carried it stood still meanwhile. */
export interface Trial<Cost> {
  readonly cost: Cost;
  readonly stalls: Stalls;
}

/**
 * Runs whose machine stalled for longer than `limit` are set apart: told with their number and figures, and not judged.
 *
 * Only stalls at keepalived's priority set a run apart. One at ordinary priority may be the work of holdfast's own
 * programs, and what those cost has to count.
 *
 * @param limit milliseconds, the detection time: a stall beyond it looks like a death
 */
function setApart<Cost>(trials: readonly Trial<Cost>[], limit: number) {
  const stalled = ({ stalls }: Trial<Cost>): boolean => stalls.realTime > limit;
  return { counted: trials.filter((trial) => !stalled(trial)), apart: trials.filter(stalled) };
}

/**
 * Measures until `runs` runs count. A fifth more is tried in place of those set apart, and no more: on a machine that
 * stalls all the time the table says so.
 */
export async function enough<Cost>(
  runs: number,
  limit: number,
  once: (counted: number) => Promise<Trial<Cost>>,
): Promise<Trial<Cost>[]> {
  const trials: Trial<Cost>[] = [];
  const counted = (): number => setApart(trials, limit).counted.length;
  while (counted() < runs && trials.length < Math.ceil(runs * 1.2)) trials.push(await once(counted()));
  return trials;
}

export interface Question {
  readonly name: string;
  /** What of the runs is the figure: their median, their worst. */
  readonly of: (values: readonly number[]) => number;
  readonly atMost: number | null;
  /** Milliseconds: see `setApart`. */
  readonly limit: number;
  /** What a reader needs beside the spread. */
  readonly note?: string;
}

/** A figure in milliseconds, with what the machine did meanwhile. There is none when no run counts: no bar holds then. */
export function figureOf(trials: readonly Trial<number>[], { name, of, atMost, limit, note }: Question): Bar {
  const { counted, apart } = setApart(trials, limit);
  const values = counted.map(({ cost }) => cost);
  const worst = (kind: keyof Stalls): number => Math.max(0, ...counted.map(({ stalls }) => stalls[kind]));
  const [ordinary, realTime] = [worst("ordinary"), worst("realTime")];
  return {
    ...{ name, unit: "ms", atMost },
    figure: values.length === 0 ? Number.NaN : of(values),
    detail: [
      ...(values.length === 0 ? ["no run counts"] : [spread(values, 0)]),
      ...(note === undefined ? [] : [note]),
      `jitter ${ordinary.toFixed(0)}/${realTime.toFixed(0)} ms`,
      ...(apart.length === 0 ? [] : [`${apart.length} apart`]),
    ].join("; "),
    runs: {
      counted: values,
      apart: apart.map(({ cost, stalls }) => ({ figure: cost, stall: stalls.realTime })),
    },
    jitter: { ordinary, realTime },
  };
}
