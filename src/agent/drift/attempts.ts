export interface Allowance {
  readonly times: number;
  /** Milliseconds. */
  readonly within: number;
}

/** Counts how often each thing was done lately. Times are milliseconds of any clock that only moves on. */
export class Attempts {
  private readonly times = new Map<string, readonly number[]>();

  constructor(private readonly allowance: Allowance) {}

  mayTry(key: string, now: number): boolean {
    return this.recent(key, now).length < this.allowance.times;
  }

  tried(key: string, now: number): void {
    this.times.set(key, [...this.recent(key, now), now]);
  }

  private recent(key: string, now: number): number[] {
    return (this.times.get(key) ?? []).filter((time) => now - time < this.allowance.within);
  }
}
