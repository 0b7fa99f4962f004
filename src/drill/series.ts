/** Moments at which a probe succeeded: wall-clock milliseconds, ascending. */
export type Series = readonly number[];

/** A time in which a probe never succeeded; `until` is null when it had not succeeded again at the end. */
export interface Gap {
  readonly from: number;
  readonly until: number | null;
  /** Milliseconds from the success before to the one after (or to the end of the watch). */
  readonly length: number;
}

/**
 * The longest gap between two successes in [from, to]. The last success before `from` counts as its beginning, so a
 * fault at `from` is not shortened; a silence that lasts beyond `to` counts up to `to`.
 */
export function longestGap(series: Series, from: number, to: number): Gap {
  const before = series.findLast((at) => at <= from) ?? from;
  const inside = series.filter((at) => at > before && at <= to);
  let longest: Gap = { from: before, until: null, length: 0 };
  let previous = before;
  for (const at of inside) {
    if (at - previous > longest.length) longest = { from: previous, until: at, length: at - previous };
    previous = at;
  }
  return to - previous > longest.length ? { from: previous, until: null, length: to - previous } : longest;
}

/**
 * The outage a client saw: the longest gap less one probe interval, because a probe that succeeds every `interval`
 * milliseconds shows a gap of that length without any outage. Never negative; true to one interval.
 */
export const outage = (series: Series, interval: number, from: number, to: number): number =>
  Math.max(0, longestGap(series, from, to).length - interval);
