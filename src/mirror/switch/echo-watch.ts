/** For how long the other end has said nothing since it was asked whether it is there. */
export class EchoWatch {
  #since: number | null = null;
  /** Questions up to the last word. */
  #before = 0;

  /** The other end said something. @param asked questions so far */
  heard(asked: number): void {
    [this.#since, this.#before] = [null, asked];
  }

  /** @returns milliseconds; 0 where nothing was asked since */
  silentFor(asked: number, now: number): number {
    if (asked === this.#before) return 0;
    this.#since ??= now;
    return now - this.#since;
  }
}
