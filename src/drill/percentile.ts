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
