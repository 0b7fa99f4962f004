/** Times as long as a look took it rests at least: what costs the more the more clients there are takes its share, and no more. */
const rest = 20;

/** Milliseconds: a look that took no longer has not cost much, but waited for its turn on a busy machine. */
const cheap = 250;

/** Milliseconds: however long a look took. What no event told is found after so long. */
const longest = 10_000;

/**
 * How often everything is looked at, where that costs the more the more there is. Of few clients a look takes no time, and each
 * one is had; of 10,000 it also holds OpenVPN, which carries no packet while it says who they are.
 */
export class Pace {
  #due = 0;
  #looking = false;

  /** @param clock milliseconds by a clock that only goes on */
  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** Looks, unless it is too soon, or the look before is not over. */
  async have(look: () => Promise<unknown>): Promise<void> {
    const began = this.clock();
    if (this.#looking || began < this.#due) return;
    this.#looking = true;
    try {
      await look();
    } finally {
      const now = this.clock();
      const took = now - began;
      this.#due = took <= cheap ? 0 : now + Math.min(longest, rest * took);
      this.#looking = false;
    }
  }

  /** Something happened that does not wait. */
  hasten(): void {
    this.#due = 0;
  }
}
