/** Looks without a word after which a process that was stopped stands still, and after which any other does. */
const [stopped, busy] = [3, 20];

/**
 * Whether a process that gives a word before every look has come to a standstill: pure. Counted in looks, not in time:
 * whoever looks late was held itself, and has read nothing meanwhile.
 */
export class Standstill {
  #missed = 0;

  heard(): void {
    this.#missed = 0;
  }

  /** @param isStopped asked only in doubt: whether the system says that it was stopped; a busy one is given longer */
  look(isStopped: () => boolean): boolean {
    this.#missed += 1;
    return this.#missed >= busy || (this.#missed >= stopped && isStopped());
  }
}
