/** Bytes of one reader's that are looked at in one go, and of all of them before the event loop goes on. */
const [slice, turn] = [4_096, 16_384];

/** Whoever has something to look at. */
export interface Reader {
  readonly waits: boolean;
  /** @param most bytes @returns how many were looked at */
  look(most: number): number;
}

/** What may be a flood is looked at in slices, one reader's after the other's, and everything else of this process's in between. */
export class Turns {
  readonly #waiting = new Set<Reader>();
  #due = false;

  /** @param later calls back when everybody else had his turn */
  constructor(private readonly later: (act: () => void) => void) {}

  add(reader: Reader): void {
    this.#waiting.add(reader);
    if (this.#due) return;
    this.#due = true;
    this.later(() => this.#go());
  }

  #go(): void {
    this.#due = false;
    let left = turn;
    for (const reader of this.#waiting) {
      if (left <= 0) break;
      this.#waiting.delete(reader);
      left -= reader.look(slice);
      // Behind all others, and so it comes again in this walk if there is room.
      if (reader.waits) this.#waiting.add(reader);
    }
    const [next] = this.#waiting;
    if (next !== undefined) this.add(next);
  }
}

/** Of all readers in this process, which has one event loop. */
export const turns = new Turns(setImmediate);
