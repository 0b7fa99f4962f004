import type { QueueBudget } from "./queue.js";

/** Bytes that one connection holds of what its end does not read, counted among those that all may hold together. */
export class Unread {
  #bytes = 0;

  constructor(private readonly budget: QueueBudget) {}

  get exceeded(): boolean {
    return this.budget.exceeded;
  }

  /** So many are held now. */
  are(bytes: number): void {
    this.budget.used += bytes - this.#bytes;
    this.#bytes = bytes;
  }
}
