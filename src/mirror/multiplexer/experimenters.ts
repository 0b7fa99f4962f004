/** Requests of each sort that are remembered at least. */
const most = 512;

/**
 * The numbers of an experimenter's requests, beyond what a barrier closes: what was asked for may be told for as long as
 * the session lasts. Those that were answered are remembered apart, since changes in an experimenter's words are many.
 */
export class Experimenters {
  readonly #asked = new Recent(most);
  readonly #answering = new Recent(most);

  asked(number: number, xid: number): void {
    this.#asked.put(number, xid);
  }

  /** The switch says something under this number, and may go on. */
  answers(number: number, xid: number): void {
    this.#answering.put(number, xid);
  }

  /** What whoever asked called it; undefined where nobody did, or long ago. */
  xidOf(number: number): number | undefined {
    return this.#answering.get(number) ?? this.#asked.get(number);
  }
}

/** The numbers that were put last: so many at least, and twice as many at most. */
class Recent {
  #young = new Map<number, number>();
  #old = new Map<number, number>();

  constructor(private readonly least: number) {}

  put(number: number, xid: number): void {
    this.#young.set(number, xid);
    if (this.#young.size < this.least) return;
    [this.#young, this.#old] = [new Map(), this.#young];
  }

  get(number: number): number | undefined {
    return this.#young.get(number) ?? this.#old.get(number);
  }
}
