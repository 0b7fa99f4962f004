import type { Stalls } from "./jitter.js";

/** A figure and the bar it must not exceed, or must reach. */
export interface Bar {
  readonly name: string;
  readonly figure: number;
  readonly unit: "ms" | "x" | "%" | "MB" | "sessions" | "times" | "messages" | "/s";
  /** Null for a figure that others are compared with. */
  readonly atMost: number | null;
  /** What it has to reach instead. */
  readonly atLeast?: number;
  /** What the figure was taken from, for the reader. */
  readonly detail: string;
  /** Each run's own figure, and those of the runs that are set apart with the stall that did it (milliseconds). */
  readonly runs?: {
    readonly counted: readonly number[];
    readonly apart: readonly { readonly figure: number; readonly stall: number }[];
  };
  /** The longest stalls of the machine's timers in the runs that count. */
  readonly jitter?: Stalls;
}

export interface BenchOptions {
  /** How often the figure with a bar is measured; what stands beside it may make do with fewer. */
  readonly runs: number;
  /** How long what goes on by itself is watched, where that is the question. */
  readonly minutes: number;
  /** Of what happens at random: the same number, the same happenings. */
  readonly seed: number;
  progress(text: string): void;
  readonly signal: AbortSignal;
}

/** One question about speed, and how it is answered. */
export interface Bench {
  readonly name: string;
  readonly summary: string;
  /** How often it measures when nobody says; 10 where it has no opinion. */
  readonly runs?: number;
  /** How many minutes it takes when nobody says; 30 where it has no opinion. */
  readonly minutes?: number;
  run(options: BenchOptions): Promise<Bar[]>;
}

export const holds = ({ figure, atMost, atLeast }: Bar): boolean =>
  (atMost === null || figure <= atMost) && (atLeast === undefined || figure >= atLeast);

const digits: Readonly<Record<Bar["unit"], number>> = {
  ms: 1,
  x: 3,
  "%": 2,
  MB: 1,
  sessions: 0,
  times: 0,
  messages: 0,
  "/s": 0,
};

const shown = (value: number, unit: Bar["unit"]): string => `${value.toFixed(digits[unit])} ${unit}`;

function barOf({ atMost, atLeast, unit }: Bar): string {
  if (atLeast !== undefined) return `>= ${shown(atLeast, unit)}`;
  return atMost === null ? "-" : `<= ${shown(atMost, unit)}`;
}

/** Every bar on a line, those that fail marked. */
export function table(bars: readonly Bar[]): string {
  const rows = [
    ["figure", "measured", "bar", "", "detail"],
    ...bars.map((bar) => [
      bar.name,
      shown(bar.figure, bar.unit),
      barOf(bar),
      barOf(bar) === "-" ? "" : holds(bar) ? "pass" : "FAIL",
      bar.detail,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
