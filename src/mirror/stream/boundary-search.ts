import { headerLength, lengthAt, longest, mayBegin } from "../openflow/header.js";

/** Headers in a row that are believed wherever they stand. */
const chain = 3;

/** A message of any length, and the headers behind it, twice over. */
const most = 2 * (longest + 2 * headerLength);

/** Chains that wait for their next header, and starts of segments, that are kept: what is no message begins far fewer. */
const mostKept = 1_024;

/** Valid headers in a row from a place on, and where the next one is to stand. */
interface Chain {
  readonly place: number;
  readonly links: number;
  readonly next: number;
  /** The version that they speak; 0 while there is none. */
  readonly version: number;
}

/**
 * Seeks where a message begins among bytes whose start may be in the midst of one: the first place from which a chain of
 * valid headers leads on. Where a segment begins, a shorter chain will do if it ends exactly where that segment does: most
 * writers end a write where they end a message, and a quiet switch says one thing at a time.
 */
export class BoundarySearch {
  /** Places are counted from the first byte that ever was added; the buffer begins at `#from`. */
  #from = 0;
  #end = 0;
  #buffer: Buffer = Buffer.alloc(0);
  /** Chains that may turn out to be right, by the place of the header that they wait for: each byte is looked at once. */
  #open = new Map<number, Chain[]>();
  #opened = 0;
  #looked = 0;
  #starts = new Set<number>();

  constructor(private readonly version: number) {}

  get held(): number {
    return this.#end - this.#from;
  }

  /** What follows from the boundary on, and how many bytes stand before it; null while none is found. */
  add(segment: Buffer): { readonly before: number; readonly rest: Buffer } | null {
    const before = this.#end;
    this.#begin(before);
    this.#append(segment);
    const found = [...this.#continued(before), ...this.#begun(), ...this.#endedTogether()];
    if (found.length === 0) return null;
    const place = found.reduce((first, each) => Math.min(first, each)) - this.#from;
    return { before: place, rest: this.#buffer.subarray(place, this.held) };
  }

  /** Forgets the oldest bytes where there are too many: how many those were. No boundary stands among them. */
  trim(): number {
    if (this.held <= most) return 0;
    const given = this.held - most / 2;
    this.#buffer.copyWithin(0, given, this.held);
    this.#from += given;
    for (const place of this.#starts) {
      if (place >= this.#from) break;
      this.#starts.delete(place);
    }
    return given;
  }

  /** Places whose chain is complete now that there is more than `before`. */
  #continued(before: number): number[] {
    const found: number[] = [];
    const first = Math.max(0, before - headerLength + 1);
    for (let at = first; at + headerLength <= this.#end; at += 1) {
      const chains = this.#open.get(at);
      if (chains === undefined) continue;
      this.#open.delete(at);
      this.#opened -= chains.length;
      for (const each of chains) if (each.place >= this.#from && this.#follow(each)) found.push(each.place);
    }
    return found;
  }

  /** Places that were not looked at yet, and from which a complete chain leads on. */
  #begun(): number[] {
    const found: number[] = [];
    for (; this.#looked + headerLength <= this.#end; this.#looked += 1) {
      const place = this.#looked;
      if (this.#follow({ place, links: 0, next: place, version: this.version })) found.push(place);
    }
    return found;
  }

  /** Places where a segment began, and whose chain ends where this one does. */
  #endedTogether(): number[] {
    const chains = this.#open.get(this.#end) ?? [];
    return chains.flatMap(({ place }) => (this.#starts.has(place) ? [place] : []));
  }

  #mayBegin(place: number, version: number): boolean {
    return mayBegin(this.#buffer, place - this.#from, version);
  }

  /** Whether it is complete; one that is not is kept as far as it goes, or dropped. */
  #follow({ place, links, next, version }: Chain): boolean {
    while (links < chain) {
      if (next + headerLength > this.#end) {
        this.#keep({ place, links, next, version });
        return false;
      }
      if (!this.#mayBegin(next, version)) return false;
      version = this.#buffer.readUInt8(next - this.#from);
      next += lengthAt(this.#buffer, next - this.#from);
      links += 1;
    }
    return true;
  }

  /** Where there are too many, the older ones stay: what hides the boundary comes to its end. */
  #keep(open: Chain): void {
    if (this.#opened === mostKept) return;
    this.#opened += 1;
    const others = this.#open.get(open.next);
    if (others === undefined) this.#open.set(open.next, [open]);
    else others.push(open);
  }

  #begin(segment: number): void {
    this.#starts.add(segment);
    const [oldest] = this.#starts;
    if (this.#starts.size > mostKept && oldest !== undefined) this.#starts.delete(oldest);
  }

  #append(segment: Buffer): void {
    const needed = this.held + segment.length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
      this.#buffer.copy(grown, 0, 0, this.held);
      this.#buffer = grown;
    }
    segment.copy(this.#buffer, this.held);
    this.#end += segment.length;
  }
}
