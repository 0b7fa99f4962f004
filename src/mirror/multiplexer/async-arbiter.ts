import { asyncBody, isWanted, type Masks, masksIn, unionOf, usualMasks } from "../openflow/async-masks.js";
import type { Controller } from "./xid-table.js";

/** What each of two controllers wants to hear unasked: the switch is told of both, and each hears his own (OpenFlow 1.3.5, 6.1.1). */
export class AsyncArbiter {
  readonly #masks = new Map<Controller, Masks>();

  /** Whether anybody ever said so: otherwise the switch knows best. */
  get isSet(): boolean {
    return this.#masks.size > 0;
  }

  /** @returns the body of the SET_ASYNC that the switch is to hear; null where this one is cut short */
  set(controller: Controller, version: number, body: Buffer): Buffer | null {
    const masks = masksIn(version, body, this.#of(controller));
    if (masks === null) return null;
    this.#masks.set(controller, masks);
    return asyncBody(version, unionOf([this.#of("pool"), this.#of("master")]));
  }

  /** The body of a GET_ASYNC_REPLY. */
  told(controller: Controller, version: number): Buffer {
    return asyncBody(version, this.#of(controller));
  }

  wants(controller: Controller, isSlave: boolean, bytes: Buffer, at: number, length: number): boolean {
    return (!this.isSet && !isSlave) || isWanted(this.#of(controller), isSlave, bytes, at, length);
  }

  leave(controller: Controller): void {
    this.#masks.delete(controller);
  }

  #of(controller: Controller): Masks {
    return this.#masks.get(controller) ?? usualMasks;
  }
}
