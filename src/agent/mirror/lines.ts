const newline = 10;

/** Lines out of what comes in pieces. */
export class Lines {
  #pieces: Buffer[] = [];
  #length = 0;

  /** @param longest bytes of a line, beyond which nobody waits for its end */
  constructor(private readonly longest: number) {}

  /** @returns the lines that end in this piece. @throws RangeError where one is too long */
  take(piece: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, from)) {
      this.#keep(piece.subarray(from, end));
      lines.push(Buffer.concat(this.#pieces).toString());
      [this.#pieces, this.#length] = [[], 0];
      from = end + 1;
    }
    this.#keep(piece.subarray(from));
    return lines;
  }

  #keep(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length > this.longest) throw new RangeError("the line is too long");
    if (piece.length > 0) this.#pieces.push(piece);
  }
}
