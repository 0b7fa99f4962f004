/** Where messages go. */
export interface Outlet {
  /** A message that stands in a larger buffer, which stays as it is until the next flush. */
  pass(bytes: Buffer, at: number, length: number): void;
  say(bytes: Buffer): void;
}

/** Puts messages that stand next to each other together again, and keeps the order of all of them. */
export class Runs implements Outlet {
  #bytes: Buffer | null = null;
  #from = 0;
  #to = 0;
  #messages = 0;

  /**
   * @param write takes what came since the last flush, in pieces
   * @param before what goes to the same end by another way: in its order, too
   */
  constructor(
    private readonly write: (bytes: Buffer, messages: number) => void,
    private readonly before: () => Pick<Runs, "flush"> | null = () => null,
  ) {}

  pass(bytes: Buffer, at: number, length: number): void {
    if (bytes !== this.#bytes || at !== this.#to) {
      this.flush();
      this.before()?.flush();
      [this.#bytes, this.#from] = [bytes, at];
    }
    this.#to = at + length;
    this.#messages += 1;
  }

  say(bytes: Buffer): void {
    this.flush();
    this.before()?.flush();
    this.write(bytes, 1);
  }

  flush(): void {
    const bytes = this.#bytes;
    if (bytes === null) return;
    const messages = this.#messages;
    [this.#bytes, this.#messages] = [null, 0];
    this.write(
      this.#from === 0 && this.#to === bytes.length ? bytes : bytes.subarray(this.#from, this.#to),
      messages,
    );
  }
}
