import type { Outcome } from "../multiplexer/audit-record.js";
import type { Controller } from "../multiplexer/xid-table.js";
import type { AuditReport } from "../report.js";
import { AuditLog } from "./audit-log.js";
import type { SharedSession } from "./shared-session.js";

/** What controllers wrote to the switches of one service, while its file asks for that. Sessions go on where it changes. */
export class ServiceAudit {
  #current: { readonly file: string; readonly log: AuditLog } | null = null;
  #ending: Promise<void> = Promise.resolve();

  /** The same file is opened anew. @param file null where nothing is to be written any more */
  become(file: string | null): void {
    if (this.#current?.file === file) {
      void this.#current.log.reopen();
      return;
    }
    void this.end();
    this.#current = file === null ? null : { file, log: new AuditLog(file) };
  }

  /** A health check is no switch. */
  said({ client }: Pick<SharedSession, "client">, from: Controller, said: Buffer): Outcome {
    if (client === null || this.#current === null) return undefined;
    const { log } = this.#current;
    // The clock that an operator sets; one of finer steps would go on as it was when this process began.
    const at = BigInt(Date.now()) * 1_000n;
    // What decides about it may put another number into it.
    const message = Buffer.from(said);
    return (reached) => log.add({ at, from, client: `${client.address} ${client.port}`, message, reached });
  }

  get report(): AuditReport | null {
    if (this.#current === null) return null;
    const { dropped, trouble } = this.#current.log;
    return { dropped, trouble };
  }

  /** Done when all is written that waited. */
  end(): Promise<void> {
    const log = this.#current?.log;
    this.#current = null;
    if (log !== undefined) this.#ending = Promise.all([this.#ending, log.end()]).then(() => undefined);
    return this.#ending;
  }
}
