import type { Controller } from "./xid-table.js";

/** Requests in several messages, which all have the number of the first (OpenFlow 1.3.5, 7.3.5), and may be told in turns. */
export class RequestParts {
  /** By controller and the number that it gave: the number under which the switch hears them, or that it does not. */
  readonly #begun = new Map<string, number | "shed">();

  /** Null where none was begun. */
  find(from: Controller, xid: number): number | "shed" | null {
    return this.#begun.get(`${from} ${xid}`) ?? null;
  }

  /** Whether the switch has the beginning of this request. */
  goesOn(from: Controller, xid: number): boolean {
    return typeof this.find(from, xid) === "number";
  }

  begin(from: Controller, xid: number, number: number): void {
    this.#begun.set(`${from} ${xid}`, number);
  }

  /** The first part did not reach the switch: nor may the others, up to the last. */
  shed(from: Controller, xid: number): void {
    if (this.#begun.size < mostShed) this.#begun.set(`${from} ${xid}`, "shed");
  }

  end(from: Controller, xid: number): void {
    this.#begun.delete(`${from} ${xid}`);
  }

  leave(controller: Controller): void {
    for (const key of this.#begun.keys()) if (key.startsWith(controller)) this.#begun.delete(key);
  }

  /** Those whose request is no more are forgotten. */
  tick(isOpen: (number: number) => boolean): void {
    for (const [key, number] of this.#begun)
      if (number !== "shed" && !isOpen(number)) this.#begun.delete(key);
  }
}

/** Whoever begins more requests than that without an end is not kept account of. */
const mostShed = 4_096;
