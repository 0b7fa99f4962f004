import type { AnyResult } from "../report.js";
import { summarize } from "../summary.js";

/** A run that has its picture in the paper, and why it has. */
export interface DrawnRun {
  readonly result: AnyResult;
  /** From 1, in the order in which they were run. */
  readonly number: number;
  readonly because: string;
}

/** Runs that failed have a picture each, up to so many. */
const mostFailed = 5;

/** Of a drill that was repeated: every run that failed, and the slowest of those that did not. */
export function drawnRuns(runs: readonly AnyResult[]): DrawnRun[] {
  const numbered = runs.map((result, index) => ({ result, number: index + 1 }));
  if (numbered.length === 1) return numbered.map((each) => ({ ...each, because: "" }));
  const failed = numbered.filter(({ result }) => !result.verdict.pass);
  const slowest = numbered
    .filter(({ result }) => result.verdict.pass)
    .toSorted((one, other) => share(other.result) - share(one.result))
    .slice(0, 1);
  return [
    ...failed.slice(0, mostFailed).map((each) => ({ ...each, because: "it failed" })),
    ...slowest.map((each) => ({
      ...each,
      because: "of those that met every expectation, it came closest to a limit",
    })),
  ];
}

/** How much of what it was allowed a run took, in the respect in which it took most. */
const share = (result: AnyResult): number =>
  Math.max(
    0,
    ...summarize([result]).flatMap(({ figures }) =>
      figures.map(({ worst, atMost }) => (atMost > 0 ? worst / atMost : worst)),
    ),
  );
