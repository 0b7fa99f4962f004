/** Numbers that come again for the same seed (xorshift32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) | 1;
    for (let round = 0; round < 4; round += 1) this.below(2);
  }

  /** 0 to `count` - 1. */
  below(count: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) % count;
  }

  chance(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }
}
