import { headerLength, lengthAt, longest, mayBegin } from "../openflow/header.js";

/** Headers in a row that are believed wherever they stand. */
const chain = 3;

/** A message of any length, and the headers behind it, twice over. */
const most = 2 * (longest + 2 * headerLength);

type Verdict = "yes" | "no" | "not yet";

/**
 * Seeks where a message begins among bytes whose start may be in the midst of one: the first place from which a chain of
 * valid headers leads on. Where a segment begins, a shorter chain will do if it ends exactly where that segment does: most
 * writers end a write where they end a message, and a quiet switch says one thing at a time.
 */
export class BoundarySearch {
  #bytes: Buffer = Buffer.alloc(0);
  /** Places that may turn out to be right. */
  #open: number[] = [];
  #looked = 0;
  #starts = new Set<number>();

  constructor(private readonly version: number) {}

  get held(): number {
    return this.#bytes.length;
  }

  /** What follows from the boundary on, and how many bytes stand before it; null while none is found. */
  add(segment: Buffer): { readonly before: number; readonly rest: Buffer } | null {
    this.#starts.add(this.#bytes.length);
    this.#bytes = Buffer.concat([this.#bytes, segment]);
    const end = this.#bytes.length - headerLength;
    const open: number[] = [];
    const candidates = [...this.#open];
    for (; this.#looked <= end; this.#looked += 1)
      if (mayBegin(this.#bytes, this.#looked, this.version)) candidates.push(this.#looked);
    for (const place of candidates) {
      const verdict = this.#judge(place);
      if (verdict === "yes") return { before: place, rest: this.#bytes.subarray(place) };
      if (verdict === "not yet") open.push(place);
    }
    this.#open = open;
    return null;
  }

  /** Forgets the oldest bytes where there are too many: how many those were. No boundary stands among them. */
  trim(): number {
    if (this.#bytes.length <= most) return 0;
    const given = this.#bytes.length - most / 2;
    this.#bytes = Buffer.from(this.#bytes.subarray(given));
    const shifted = (places: Iterable<number>) =>
      [...places].map((place) => place - given).filter((place) => place >= 0);
    this.#open = shifted(this.#open);
    this.#starts = new Set(shifted(this.#starts));
    this.#looked -= given;
    return given;
  }

  #judge(place: number): Verdict {
    let at = place;
    let spoken = this.version;
    for (let links = 0; links < chain; links += 1) {
      if (at === this.#bytes.length && links > 0 && this.#starts.has(place)) return "yes";
      if (at + headerLength > this.#bytes.length) return "not yet";
      if (!mayBegin(this.#bytes, at, spoken)) return "no";
      spoken = this.#bytes.readUInt8(at);
      at += lengthAt(this.#bytes, at);
    }
    return "yes";
  }
}
