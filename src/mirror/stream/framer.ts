import { headerLength, lengthAt, mayBegin } from "../openflow/header.js";
import { Type } from "../openflow/message-type.js";
import { BoundarySearch } from "./boundary-search.js";
import type { ByteSink } from "./reassembly.js";

/** Whole messages, in order. Bytes are good until the call returns. */
export interface MessageSink {
  /** One message of the run that comes with the next `messages`. */
  seen(type: number, bytes: Buffer, at: number, length: number): void;
  /** A run of whole messages, one right behind the other. */
  messages(bytes: Buffer, count: number): void;
  /** The thread was lost and found again: so many bytes of the stream, seen or not, belong to no message that was told. */
  resynced(bytes: number): void;
}

/**
 * Cuts a stream of bytes into OpenFlow messages (OpenFlow 1.3.5, 7.1.1). Only whole messages leave it. Behind a hole it
 * goes on where the message that was cut short ends, if its header was seen, else where a chain of valid headers begins.
 */
export class Framer implements ByteSink {
  /** A message that is not whole yet. */
  #kept: Buffer = Buffer.alloc(0);
  #keptLength = 0;
  #search: BoundarySearch | null;
  /** Bytes still to come of a message that lost some. */
  #unwanted = 0;
  #lost = 0;

  /**
   * @param version which the stream speaks; 0 while only a HELLO, or nothing, has told
   * @param whole whether its first byte is a message's first
   */
  constructor(
    private readonly sink: MessageSink,
    private version = 0,
    whole = true,
  ) {
    this.#search = whole ? null : new BoundarySearch(version);
  }

  /** The version that was agreed; 0 while it is not known. */
  get agreed(): number {
    return this.version;
  }

  get inStep(): boolean {
    return this.#search === null && this.#unwanted === 0;
  }

  /** Bytes that no message came of so far. */
  get pending(): number {
    return this.#keptLength + this.#lost + (this.#search?.held ?? 0);
  }

  /** Bytes of those that are kept. */
  get held(): number {
    return this.#keptLength + (this.#search?.held ?? 0);
  }

  data(bytes: Buffer): void {
    let rest = bytes;
    if (this.#unwanted > 0) {
      const skipped = Math.min(this.#unwanted, rest.length);
      this.#unwanted -= skipped;
      this.#lost += skipped;
      if (this.#unwanted > 0) return;
      this.#foundAgain();
      rest = rest.subarray(skipped);
    }
    if (rest.length === 0) return;
    if (this.#search !== null) this.#seek(this.#search, rest);
    else if (this.#keptLength === 0) this.#cut(rest);
    else this.#complete(rest);
  }

  gap(bytes: number): void {
    const toItsEnd = this.#unwanted > 0 ? this.#unwanted : this.#missing();
    if (this.#search !== null || bytes > toItsEnd) {
      this.astray(bytes);
      return;
    }
    this.#lost += bytes + this.#keptLength;
    this.#forget();
    this.#unwanted = toItsEnd - bytes;
    if (this.#unwanted === 0) this.#foundAgain();
  }

  astray(bytes: number): void {
    this.#lost += bytes + this.#keptLength + (this.#search?.held ?? 0);
    this.#forget();
    this.#unwanted = 0;
    this.#search = new BoundarySearch(this.version);
  }

  /** Bytes that the message in hand lacks; 0 where there is none, or its header is not whole. */
  #missing(): number {
    return this.#keptLength < headerLength ? 0 : lengthAt(this.#kept, 0) - this.#keptLength;
  }

  /** Messages from the first byte on. */
  #cut(bytes: Buffer): void {
    let [at, count] = [0, 0];
    while (bytes.length - at >= headerLength) {
      if (!mayBegin(bytes, at, this.version)) break;
      const length = lengthAt(bytes, at);
      if (length > bytes.length - at) break;
      this.#tell(bytes, at, length);
      at += length;
      count += 1;
    }
    if (count > 0) this.sink.messages(at === bytes.length ? bytes : bytes.subarray(0, at), count);
    if (at < bytes.length) this.#begin(bytes.subarray(at));
  }

  /** What is no whole message: the first bytes of one, or of none. */
  #begin(bytes: Buffer): void {
    if (bytes.length < headerLength || mayBegin(bytes, 0, this.version)) this.#keep(bytes);
    else this.#seek(new BoundarySearch(this.version), bytes);
  }

  #complete(bytes: Buffer): void {
    let rest = bytes;
    if (this.#keptLength < headerLength) {
      const taken = Math.min(headerLength - this.#keptLength, rest.length);
      this.#keep(rest.subarray(0, taken));
      rest = rest.subarray(taken);
      if (this.#keptLength < headerLength) return;
      if (!mayBegin(this.#kept, 0, this.version)) {
        const whole = Buffer.concat([this.#kept.subarray(0, this.#keptLength), rest]);
        this.#forget();
        this.#seek(new BoundarySearch(this.version), whole);
        return;
      }
    }
    const missing = this.#missing();
    const taken = Math.min(missing, rest.length);
    this.#keep(rest.subarray(0, taken));
    if (taken < missing) return;
    const message = this.#kept.subarray(0, this.#keptLength);
    this.#forget();
    this.#tell(message, 0, message.length);
    this.sink.messages(message, 1);
    if (taken < rest.length) this.#cut(rest.subarray(taken));
  }

  #seek(search: BoundarySearch, bytes: Buffer): void {
    this.#search = search;
    const found = search.add(bytes);
    if (found === null) {
      this.#lost += search.trim();
      return;
    }
    this.#lost += found.before;
    this.#search = null;
    this.#foundAgain();
    this.#cut(found.rest);
  }

  #foundAgain(): void {
    const lost = this.#lost;
    this.#lost = 0;
    this.sink.resynced(lost);
  }

  #tell(bytes: Buffer, at: number, length: number): void {
    const type = bytes.readUInt8(at + 1);
    // A HELLO has the greatest version of its sender; what comes then has the one that was agreed.
    if (this.version === 0 && type > Type.error) this.version = bytes.readUInt8(at);
    this.sink.seen(type, bytes, at, length);
  }

  #keep(bytes: Buffer): void {
    const needed = this.#keptLength + bytes.length;
    if (needed > this.#kept.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#kept.length, 256));
      this.#kept.copy(grown, 0, 0, this.#keptLength);
      this.#kept = grown;
    }
    bytes.copy(this.#kept, this.#keptLength);
    this.#keptLength = needed;
  }

  #forget(): void {
    this.#kept = Buffer.alloc(0);
    this.#keptLength = 0;
  }
}
