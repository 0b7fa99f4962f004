import { headerLength, lengthAt } from "../openflow/header.js";
import { Type } from "../openflow/message-type.js";

/** Hears of one whole message, which may be changed in its place. */
export type CutListener = (bytes: Buffer, at: number, length: number) => void;

/**
 * Cuts one direction of a session into messages as it passes. What does not begin with a HELLO, or has a length that no
 * message has (OpenFlow 1.3.5, 7.1.1), is not OpenFlow: nothing is cut from there on, and all of it is handed back.
 */
export class MessageCutter {
  /** What is no whole message yet, and how many bytes there have to be before it can be looked at again. */
  #kept: Buffer[] = [];
  #have = 0;
  #needed = headerLength;
  #begun = false;
  #broken = false;

  constructor(private readonly listener: CutListener) {}

  /** @returns what is not OpenFlow, to be passed on as it is; null where there is nothing of that kind */
  data(chunk: Buffer): Buffer | null {
    if (this.#broken) return chunk;
    this.#kept.push(chunk);
    this.#have += chunk.length;
    if (this.#have < this.#needed) return null;
    const bytes = this.#taken() as Buffer;
    const at = this.#cut(bytes);
    if (at === bytes.length) return null;
    const left = bytes.subarray(at);
    if (this.#broken) return left;
    [this.#kept, this.#have] = [[left], left.length];
    return null;
  }

  /** Nothing more is cut. @returns what there is of a message that is not whole, to be passed on as it is */
  stop(): Buffer | null {
    this.#broken = true;
    return this.#taken();
  }

  #taken(): Buffer | null {
    const kept = this.#kept;
    [this.#kept, this.#have] = [[], 0];
    return kept.length > 1 ? Buffer.concat(kept) : (kept[0] ?? null);
  }

  /** @returns where what is no whole message begins */
  #cut(bytes: Buffer): number {
    let at = 0;
    this.#needed = headerLength;
    while (bytes.length - at >= headerLength) {
      const length = lengthAt(bytes, at);
      this.#broken = length < headerLength || !(this.#begun || mayOpen(bytes, at));
      if (this.#broken) break;
      this.#needed = length;
      if (length > bytes.length - at) break;
      this.#begun = true;
      this.listener(bytes, at, length);
      at += length;
      this.#needed = headerLength;
    }
    return at;
  }
}

/** Versions are counted from 1, and a HELLO's bitmap has room for 31. */
const mayOpen = (bytes: Buffer, at: number): boolean =>
  bytes.readUInt8(at + 1) === Type.hello && bytes.readUInt8(at) > 0 && bytes.readUInt8(at) < 32;
