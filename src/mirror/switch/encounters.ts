/** Connections at most that are remembered. */
const most = 4_096;

/** Milliseconds within which a connection that is not there any more is reset, and says no more. */
const settled = 1_000;

/**
 * Connections that were met in their midst: what comes on one may be its last, as the node that carried it is gone and its
 * switch does not know yet. One that is heard again after a while is there.
 */
export class Encounters {
  readonly #first = new Map<string, number>();

  /** Something came. @returns whether the connection is there */
  meet(key: string, now: number): boolean {
    const first = this.#first.get(key) ?? now;
    this.#first.set(key, first);
    const [oldest] = this.#first.keys();
    if (this.#first.size > most && oldest !== undefined) this.#first.delete(oldest);
    return now - first >= settled;
  }

  forget(key: string): void {
    this.#first.delete(key);
  }
}
