/** Times as long as a look kept the processor it rests: what costs the more the more clients there are takes its share, and no more. */
const rest = 40;

/** Milliseconds: however much a look cost. What no event told is found after so long. */
const longest = 30_000;

/** Milliseconds of processor that this process has taken. */
function ownTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/**
 * How often everything is looked at, where that costs the more the more there is. Of few clients a look takes no time, and each
 * one is had; of 10,000 it also holds OpenVPN, which carries no packet while it says who they are.
 */
export class Pace {
  #due = 0;
  #looking = false;
  #hastened = false;

  /**
   * @param clock milliseconds by a clock that only goes on
   * @param spent milliseconds of processor: on a busy machine a look that cost nothing may wait for its turn
   */
  constructor(
    private readonly clock: () => number = () => performance.now(),
    private readonly spent: () => number = ownTime,
  ) {}

  /** Looks, unless it is too soon, or the look before is not over. */
  async have(look: () => Promise<unknown>): Promise<void> {
    if (this.#looking || this.clock() < this.#due) return;
    this.#looking = true;
    this.#hastened = false;
    const [began, before] = [this.clock(), this.spent()];
    try {
      await look();
    } finally {
      const now = this.clock();
      // What else this process did meanwhile is in it; but nothing costs more than it lasts.
      const cost = Math.min(now - began, this.spent() - before);
      this.#due = this.#hastened ? 0 : now + Math.min(longest, rest * cost);
      this.#looking = false;
    }
  }

  /** Something happened that does not wait: what is looked at now may not show it. */
  hasten(): void {
    this.#hastened = true;
    this.#due = 0;
  }
}
