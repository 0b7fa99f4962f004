import type { Progress } from "../api/progress.js";

/** One progress, and its place in the whole. */
export interface Numbered {
  /** Counts up from 1. */
  readonly id: number;
  readonly data: Progress;
}

/** An apply says a few sentences a node; what goes beyond this is a defect and is not kept. */
const longest = 1_000;

/** What an apply says from its beginning to its end, for any number of followers whenever they come. */
export class ProgressLog {
  readonly #said: Numbered[] = [];
  readonly #waiting = new Set<() => void>();
  #ended = false;

  say(progress: Progress): void {
    if (this.#ended) return;
    this.#ended = progress.kind === "ended";
    if (this.#said.length < longest || this.#ended)
      this.#said.push({ id: this.#said.length + 1, data: progress });
    for (const wake of this.#waiting) wake();
  }

  /** Everything behind `after`, then what follows as it is said; ends behind the end, or with the signal. */
  async *follow(after = 0, signal?: AbortSignal): AsyncGenerator<Numbered> {
    for (let next = after; ; next++) {
      while (this.#said.length <= next) {
        if (this.#ended || signal?.aborted) return;
        await this.#more(signal);
      }
      if (signal?.aborted) return;
      const said = this.#said[next];
      if (said !== undefined) yield said;
    }
  }

  #more(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal?.addEventListener("abort", wake);
    });
  }
}
