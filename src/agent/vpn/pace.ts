/** Times as long as a look took it rests at least: what costs the more the more clients there are takes its share, and no more. */
const rest = 20;

/** Milliseconds: however long a look took. */
const longest = 30_000;

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
      this.#due = now + Math.min(longest, rest * (now - began));
      this.#looking = false;
    }
  }

  /** Something happened that does not wait. */
  hasten(): void {
    this.#due = 0;
  }
}
