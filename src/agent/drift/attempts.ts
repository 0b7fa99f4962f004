/** So often the same is put back within so many milliseconds; beyond it, somebody else is at it too. */
const allowance = { times: 3, within: 600_000 };

/**
 * Counts how often each thing was put back lately: a fight with another tool is an alarm, not a loop. Times are
 * milliseconds of any clock that only moves on.
 */
export class Attempts {
  private readonly times = new Map<string, readonly number[]>();

  mayTry(key: string, now: number): boolean {
    return this.recent(key, now).length < allowance.times;
  }

  tried(key: string, now: number): void {
    this.times.set(key, [...this.recent(key, now), now]);
  }

  private recent(key: string, now: number): number[] {
    return (this.times.get(key) ?? []).filter((time) => now - time < allowance.within);
  }
}
