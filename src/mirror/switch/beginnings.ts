/** Connections at most that are remembered. */
const most = 4_096;

/** Connections that began and on which nothing was said yet, the oldest first: the number of their first byte. */
export class Beginnings {
  readonly #starts = new Map<string, number>();

  add(key: string, start: number): void {
    this.#starts.delete(key);
    this.#starts.set(key, start);
    const [oldest] = this.#starts.keys();
    if (this.#starts.size > most && oldest !== undefined) this.#starts.delete(oldest);
  }

  get(key: string): number | null {
    return this.#starts.get(key) ?? null;
  }

  /** Something was said on it. */
  take(key: string): number | null {
    const start = this.get(key);
    this.#starts.delete(key);
    return start;
  }
}
