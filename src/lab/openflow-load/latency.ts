/** Buckets per doubling: what is told is at most a thirty-second too much. */
const fine = 32;
/** Microseconds of the first bucket's end, as a power of two, and how many doublings follow: up to 2 minutes. */
const doublings = 27;

/** How long answers took, in buckets whose width grows with the time: little memory, whatever is counted. */
export class Latency {
  readonly #buckets = new Float64Array((doublings + 1) * fine);
  #count = 0;
  #most = 0;

  /** @param milliseconds of one answer */
  add(milliseconds: number): void {
    const microseconds = Math.max(1, milliseconds * 1_000);
    const place = Math.min(this.#buckets.length - 1, Math.floor(Math.log2(microseconds) * fine));
    this.#buckets[place] = (this.#buckets[place] ?? 0) + 1;
    this.#count += 1;
    this.#most = Math.max(this.#most, milliseconds);
  }

  get count(): number {
    return this.#count;
  }

  /** Milliseconds that `share` (0 to 1) of all do not exceed: the end of a bucket; 0 where nothing was counted. */
  percentile(share: number): number {
    let left = Math.ceil(share * this.#count);
    if (left === 0) return 0;
    for (const [place, count] of this.#buckets.entries()) {
      left -= count;
      if (left <= 0) return Math.min(this.#most, 2 ** ((place + 1) / fine) / 1_000);
    }
    return this.#most;
  }

  /** Milliseconds, to the microsecond. */
  get summary() {
    const rounded = (value: number) => Number(value.toFixed(3));
    return {
      p50: rounded(this.percentile(0.5)),
      p99: rounded(this.percentile(0.99)),
      max: rounded(this.#most),
    };
  }
}
