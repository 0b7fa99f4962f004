interface Bundle {
  /** In the order in which they were given. */
  numbers: number[];
  /** What whoever asked called them. */
  xids: number[];
  touched: number;
}

/** Milliseconds after which a bundle that nobody touched is forgotten: switches give them up after ten seconds or so. */
const patience = 60_000;

/** Messages in bundles that are kept account of, about 16 bytes each; an error to one beyond finds nobody. */
const mostKept = 1_048_576;

/**
 * The numbers of what speaks of bundles (OpenFlow 1.4.1, 7.3.9). What is added may fail as late as its bundle is committed,
 * whatever barriers pass, and a bundle may fail as a whole, by the number of what opened it, because nobody goes on with it.
 */
export class Bundles {
  readonly #bundles = new Map<number, Bundle>();
  #size = 0;

  /** Numbers that may still be answered. */
  get size(): number {
    return this.#size;
  }

  /** Something that adds to a bundle, or opens it, or tells of it. */
  add(id: number, number: number, xid: number, now: number): void {
    if (this.#size >= mostKept) return;
    const bundle = this.#bundles.get(id) ?? { numbers: [], xids: [], touched: now };
    this.#bundles.set(id, bundle);
    bundle.numbers.push(number);
    bundle.xids.push(xid);
    bundle.touched = now;
    this.#size += 1;
  }

  /** What whoever asked called it; undefined where it is in no bundle. */
  xidOf(number: number): number | undefined {
    for (const { numbers, xids } of this.#bundles.values()) {
      const place = placeOf(numbers, number);
      if (numbers[place] === number) return xids[place];
    }
    return undefined;
  }

  /** By what had this number the bundle is over. Another one may have its name by now: what was added behind that number is in it. */
  end(id: number, number: number): void {
    const bundle = this.#bundles.get(id);
    if (bundle === undefined) return;
    const place = placeOf(bundle.numbers, (number + 1) >>> 0);
    this.#size -= place;
    if (place === bundle.numbers.length) this.#bundles.delete(id);
    else {
      bundle.numbers = bundle.numbers.slice(place);
      bundle.xids = bundle.xids.slice(place);
    }
  }

  /** What is long past is forgotten. */
  tick(now: number): void {
    for (const [id, { numbers, touched }] of this.#bundles)
      if (now - touched >= patience) {
        this.#bundles.delete(id);
        this.#size -= numbers.length;
      }
  }
}

/** Where the first number stands that was not given before this one. */
function placeOf(numbers: readonly number[], number: number): number {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    // After the greatest number comes 1.
    if ((((numbers[middle] as number) - number) | 0) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
