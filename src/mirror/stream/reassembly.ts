import { Elsewhere } from "./elsewhere.js";
import { after, distance } from "./sequence.js";

/** What a stream of bytes tells, in its order. */
export interface ByteSink {
  /** The next bytes; they may be a view of a larger buffer, and are good until the call returns. */
  data(bytes: Buffer): void;
  /** So many bytes will never be seen. */
  gap(bytes: number): void;
  /** So many bytes will never be seen, as far as is known: what comes next may be from anywhere in a message. */
  astray(bytes: number): void;
}

interface Segment {
  readonly sequence: number;
  readonly payload: Buffer;
}

/** Bytes kept behind a hole, and what a segment takes beside its own: small ones wait for as long as a lost one may take to come again. */
const [most, perSegment] = [512 * 1_024, 64];

/** Milliseconds without progress that a hole may stay open: a segment that was lost on its way is sent again well before. */
const patience = 1_500;

/** No receiver here has a window that large (RFC 7323, 2.3 would allow more): a segment so far ahead belongs to something else. */
const beyond = 2 ** 24;

/**
 * One direction of one TCP connection, from segments as they were captured (RFC 9293): in any order, more than once,
 * overlapping, with holes. Where two segments disagree about a byte, the first one is believed.
 */
export class Reassembly {
  /** The next byte's number; null while none was seen. */
  #next: number | null = null;
  /** By distance from `#next`, none of which is at it. */
  #waiting: Segment[] = [];
  #waitingBytes = 0;
  /** When the hole opened, or the stream before it last grew. */
  #holeSince = 0;
  readonly #elsewhere = new Elsewhere();

  constructor(private readonly sink: ByteSink) {}

  get next(): number | null {
    return this.#next;
  }

  get held(): number {
    return this.#waitingBytes;
  }

  /** Whether this number is about as far as the stream was seen, or expected, to go: give or take so many bytes. */
  near(sequence: number, bytes: number): boolean {
    const last = this.#waiting.at(-1);
    const seen = last === undefined ? this.#next : after(last.sequence, last.payload.length);
    return [this.#next, seen].some((place) => place === null || Math.abs(distance(place, sequence)) < bytes);
  }

  /** The first byte will have this number: from a SYN, or from whoever saw the stream before. */
  start(sequence: number): void {
    this.#next = sequence >>> 0;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** @param now in milliseconds, of any clock that only goes on */
  segment(sequence: number, payload: Buffer, now: number): void {
    if (payload.length === 0) return;
    if (this.#next === null) this.start(sequence);
    const ahead = distance(this.#next as number, sequence);
    if (ahead >= beyond || ahead + payload.length <= 0) {
      if (this.#elsewhere.add(sequence, payload.length, now)) this.#goOn(after(sequence, payload.length));
      return;
    }
    this.#elsewhere.forget();
    if (ahead > 0) {
      this.#keep({ sequence, payload }, now);
      return;
    }
    this.#holeSince = now;
    this.#take(ahead === 0 ? payload : payload.subarray(-ahead));
    if (this.#waiting.length > 0) this.#drain(now);
  }

  /** The byte with this number will not come: the stream ends before it. A hole up to there is one like any other. */
  finish(sequence: number, now: number): void {
    if (this.#next !== null && distance(this.#next, sequence) > 0)
      this.#keep({ sequence, payload: Buffer.alloc(0) }, now);
  }

  /** A hole that stayed open is given up. */
  tick(now: number): void {
    if (this.#waiting.length > 0 && now - this.#holeSince >= patience) this.#skip(now);
  }

  /** Nothing more will come: what stands behind holes is told with them. */
  end(now: number): void {
    while (this.#waiting.length > 0) this.#skip(now);
  }

  #take(bytes: Buffer): void {
    this.#next = after(this.#next as number, bytes.length);
    this.sink.data(bytes);
  }

  #keep(segment: Segment, now: number): void {
    if (this.#waiting.length === 0) this.#holeSince = now;
    const ahead = (each: Segment) => distance(this.#next as number, each.sequence);
    let place = this.#waiting.length;
    while (place > 0 && ahead(this.#waiting[place - 1] as Segment) > ahead(segment)) place -= 1;
    // A copy of its own: what was captured is a view of a far larger buffer, and so is what comes from Node's pool.
    const kept = { sequence: segment.sequence, payload: Buffer.allocUnsafeSlow(segment.payload.length) };
    segment.payload.copy(kept.payload);
    this.#waiting.splice(place, 0, kept);
    this.#waitingBytes += kept.payload.length;
    while (this.#waitingBytes + perSegment * this.#waiting.length > most) this.#skip(now);
  }

  /** Goes on where the stream turned out to be. */
  #goOn(sequence: number): void {
    const ahead = distance(this.#next as number, sequence);
    this.#elsewhere.forget();
    this.start(sequence);
    this.sink.astray(Math.max(0, ahead));
  }

  /** Goes on behind the hole. */
  #skip(now: number): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const hole = distance(this.#next as number, first.sequence);
    this.#next = first.sequence;
    this.sink.gap(hole);
    this.#drain(now);
  }

  #drain(now: number): void {
    let used = 0;
    for (const { sequence, payload } of this.#waiting) {
      const ahead = distance(this.#next as number, sequence);
      if (ahead > 0) break;
      used += 1;
      this.#waitingBytes -= payload.length;
      if (payload.length + ahead > 0) this.#take(payload.subarray(-ahead));
    }
    if (used === 0) return;
    this.#waiting.splice(0, used);
    this.#holeSince = now;
  }
}
