/** Whether numbers came one after the other, and what was missing between them. */
export class Numbers {
  #next: number | null = null;
  #first: number | null = null;
  #seen = 0;
  #missing = 0;
  /** Numbers that were not greater than the one before. */
  #back = 0;
  readonly #gaps: { readonly from: number; readonly missing: number }[] = [];

  add(number: number): void {
    this.#seen += 1;
    this.#first ??= number;
    const expected = this.#next ?? number;
    if (number > expected) {
      this.#missing += number - expected;
      if (this.#gaps.length < 20) this.#gaps.push({ from: expected, missing: number - expected });
    } else if (number < expected) this.#back += 1;
    this.#next = number + 1;
  }

  get summary() {
    return {
      ...{ seen: this.#seen, first: this.#first, last: this.#next === null ? null : this.#next - 1 },
      ...{ missing: this.#missing, back: this.#back, gaps: [...this.#gaps] },
    };
  }
}
