const bounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] as const;

/** How many lengths (milliseconds, 1 and more) lie between one bound and the next; bounds with none are left out. */
export function histogram(lengths: readonly number[]): { from: number; stalls: number }[] {
  return bounds.flatMap((from, index) => {
    const below = bounds[index + 1] ?? Number.POSITIVE_INFINITY;
    const stalls = lengths.filter((length) => length >= from && length < below).length;
    return stalls === 0 ? [] : [{ from, stalls }];
  });
}
