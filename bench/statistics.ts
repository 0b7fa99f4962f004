/** The middle value; the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new Error("the median of nothing");
  return (low + high) / 2;
}

/**
 * The smallest value that at least `share` (0 to 1) of all values do not exceed: the nearest-rank method, which names a
 * value that was measured. The 99th percentile of 100 is the 99th, of fewer than 100 the greatest.
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  // Rounded first: 0.07 x 100 is a little more than 7.
  const rank = Math.max(1, Math.ceil(Number((share * sorted.length).toFixed(6))));
  const value = sorted[rank - 1];
  if (value === undefined) throw new Error("a percentile of nothing");
  return value;
}

export const p99 = (values: readonly number[]): number => percentile(values, 0.99);

/** `57.1 (54.0 to 61.2)`: the median, and between which values all others lie. */
export const spread = (values: readonly number[], digits = 1): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`;
