import type { Interval } from "../timeline.js";

/** Where a moment is drawn. */
export interface Scale {
  readonly span: Interval;
  readonly left: number;
  readonly right: number;
  x(at: number): number;
}

/** Moments outside of the span are drawn at its edge. */
export const scaleOf = (span: Interval, left: number, right: number): Scale => ({
  ...{ span, left, right },
  x: (at) => {
    const share = (at - span.from) / (span.until - span.from);
    return left + Math.min(1, Math.max(0, share)) * (right - left);
  },
});

/** Those that can be seen. */
export const within = (intervals: readonly Interval[], { from, until }: Interval): Interval[] =>
  intervals.filter((each) => each.until > from && each.from < until);

/** Round numbers in a span, about as many as are wanted. */
export function ticks({ from, until }: Interval, wanted: number): number[] {
  const rough = (until - from) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  const first = Math.ceil(from / step);
  const last = Math.floor(until / step);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}
