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
    const before = this.spent();
    try {
      await look();
    } finally {
      this.#due = this.clock() + Math.min(longest, rest * (this.spent() - before));
      this.#looking = false;
    }
  }

  /** Something happened that does not wait. */
  hasten(): void {
    this.#due = 0;
  }
}
