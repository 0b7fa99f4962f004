import { isFurther } from "../stream/sequence.js";
import type { Inheritance } from "./switch-stream.js";

/** Streams at most: another node sees no more. */
const most = 4_096;

/** Streams that another node sees now, and that may go on here. What is told of them may come in any order. */
export class Heirs {
  readonly #heirs = new Map<string, Inheritance>();

  get(key: string): Inheritance | null {
    return this.#heirs.get(key) ?? null;
  }

  [Symbol.iterator](): Iterator<[string, Inheritance]> {
    return this.#heirs.entries();
  }

  /** What that switch said of itself, and how far its copy is, unless it is known to be further. */
  add(key: string, inheritance: Inheritance): void {
    const { position, waiting } = this.#heirs.get(key) ?? inheritance;
    const isBehind = isFurther(inheritance.position, position);
    if (this.#heirs.size < most || this.#heirs.has(key))
      this.#heirs.set(key, isBehind ? { ...inheritance, position, waiting } : inheritance);
  }

  /** The copy is further on. */
  advance(key: string, position: number, waiting: number): void {
    const heir = this.#heirs.get(key);
    if (heir !== undefined && isFurther(heir.position, position))
      this.#heirs.set(key, { ...heir, position, waiting, silent: false });
  }

  delete(key: string): void {
    this.#heirs.delete(key);
  }

  clear(): void {
    this.#heirs.clear();
  }
}
