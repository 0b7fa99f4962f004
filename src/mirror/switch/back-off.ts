/** Milliseconds between two attempts to reach the master controller: doubled each time. */
const pauses = { first: 250, most: 5_000 };

/** Milliseconds for which a session has to stand: whoever greets and hangs up is no better than one that is away. */
const enough = 30_000;

/** How long a master controller is left alone. Thousands of sessions that ended at once are not all tried again at once. */
export class BackOff {
  #pause = pauses.first;

  /** @param random a number from 0 to 1 */
  constructor(private readonly random: () => number) {}

  /**
   * @param stood milliseconds for which the session stood; 0 where there was none
   * @returns milliseconds until the next attempt
   */
  after(stood: number): number {
    if (stood >= enough) this.#pause = pauses.first;
    const pause = (this.#pause * (1 + this.random())) / 2;
    this.#pause = Math.min(2 * this.#pause, pauses.most);
    return pause;
  }
}
