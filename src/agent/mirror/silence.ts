/** Milliseconds between two looks, and between two words of a process that is well. */
export const lookEvery = 1_000;
/** Milliseconds without a word after which it is said, and after which such a process is ended. */
const [long, tooLong] = [5_000, 15_000];

/** For how long a process has said nothing, as far as somebody was there to hear it: pure. */
export class Silence {
  #lasted = 0;
  #looked: number;

  constructor(now: number) {
    this.#looked = now;
  }

  heard(): void {
    this.#lasted = 0;
  }

  /** @param now milliseconds of a steady clock */
  look(now: number): "well" | "silent" | "hung" {
    // Whoever looks late was held itself: what was said meanwhile may not have been read yet.
    this.#lasted += Math.min(now - this.#looked, 2 * lookEvery);
    this.#looked = now;
    if (this.#lasted >= tooLong) return "hung";
    return this.#lasted >= long ? "silent" : "well";
  }
}
