import { isWanted, type Masks, masksIn, noMasks, overlaid } from "../openflow/async-masks.js";
import { bodyOf } from "../openflow/message.js";
import { reachesSlaves } from "../openflow/slave.js";
import { Expected } from "./expected.js";
import type { Controller } from "./xid-table.js";

/**
 * What each of two controllers wants to hear unasked (OpenFlow 1.3.5, 6.1.1). The pool's tells the switch, whose answer is the
 * switch's own; the master controller's words narrow its own copy alone, so that it takes nothing from the pool's, and hears at most
 * what the switch says on this connection.
 */
export class AsyncArbiter {
  readonly #pool = new Expected<Masks>(noMasks);
  #master: Masks = noMasks;

  /** The master controller's SET_ASYNC. @returns false where it is cut short */
  narrow(request: Buffer): boolean {
    const masks = masksIn(request.readUInt8(0), bodyOf(request), this.#master);
    if (masks !== null) this.#master = masks;
    return masks !== null;
  }

  /** The pool's SET_ASYNC stands before the switch under this number. @param isOpen whether what was asked may still be refused */
  asked(number: number, request: Buffer, isOpen: (number: number) => boolean): void {
    for (const earlier of this.#pool.numbers) {
      if (isOpen(earlier)) break;
      this.#pool.grant(earlier);
    }
    const [version, body] = [request.readUInt8(0), Buffer.from(bodyOf(request))];
    this.#pool.ask(number, "pool", (before) => masksIn(version, body, before) ?? before);
  }

  refused(number: number): void {
    this.#pool.refuse(number);
  }

  /** The body of a GET_ASYNC_REPLY for the master controller; null where it has nothing to add to the switch's. */
  told(reply: Buffer): Buffer | null {
    return this.#master.size === 0 ? null : overlaid(reply.readUInt8(0), bodyOf(reply), this.#master);
  }

  wants(controller: Controller, isSlave: boolean, bytes: Buffer, at: number, length: number): boolean {
    const masks = controller === "pool" ? this.#pool.now : this.#master;
    if (masks.size === 0 && !isSlave) return true;
    return (
      isWanted(masks, isSlave, bytes, at, length) ?? (!isSlave || reachesSlaves(bytes.readUInt8(at + 1)))
    );
  }

  leave(): void {
    this.#master = noMasks;
  }
}
