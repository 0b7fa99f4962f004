import { after } from "./sequence.js";

/** Segments in line, and milliseconds for which they came and nothing else did, before they are believed. */
const enough = { segments: 8, time: 1_500 };

/**
 * Segments that the stream has gone past already, or that no window reaches. One of them is an old one or a forged one;
 * one behind the other for a while, they are the stream, and it was lost sight of.
 */
export class Elsewhere {
  #end: number | null = null;
  #segments = 0;
  #since = 0;

  /** @returns whether the stream is taken to go on behind this one */
  add(sequence: number, length: number, now: number): boolean {
    if (sequence !== this.#end) [this.#segments, this.#since] = [0, now];
    this.#end = after(sequence, length);
    this.#segments += 1;
    return this.#segments >= enough.segments && now - this.#since >= enough.time;
  }

  /** Something came where the stream is looked for. */
  forget(): void {
    this.#end = null;
  }
}
