/** Milliseconds between two looks at most: a clock may be set meanwhile. */
const atLeastEvery = 600_000;

/** X.509 knows whole seconds, and the one that is named is still good. */
const lastSecond = 1_000;

/** Milliseconds until the next look at whether a certificate has expired: as it does, and now and then. */
export function untilExpiryLook(expires: Date | null, now: number): number {
  const left = (expires?.getTime() ?? now) + lastSecond - now;
  return left > 0 && expires !== null ? Math.min(left, atLeastEvery) : atLeastEvery;
}
