/** How often somebody may ask. */
export interface Allowance {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds. */
  at: number;
}

/** Enough for everybody who ever works on one cluster; more than that is somebody who invents addresses. */
const most = 1_024;

/** A token bucket for each asker, in bounded memory. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  /** Takes a token of `key`'s; else the milliseconds until there is one. `now` is a steady clock in milliseconds. */
  take(key: string, { perSecond, burst }: Allowance, now: number): number {
    const known = this.buckets.get(key);
    const bucket = known ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
    bucket.at = now;
    // Whoever asked last stands last: the first one is the one that has been quiet for longest.
    if (known !== undefined) this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > most) this.forgetQuietest();
    if (bucket.tokens < 1) return ((1 - bucket.tokens) / perSecond) * 1_000;
    bucket.tokens -= 1;
    return 0;
  }

  private forgetQuietest(): void {
    for (const key of this.buckets.keys()) {
      this.buckets.delete(key);
      return;
    }
  }
}
