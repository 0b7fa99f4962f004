import type { Reply } from "../../vpn/management.js";

/** Of a session that ended while others came and went there is no word: so many are remembered as told. */
const most = 4_096;

export interface EndingsParts {
  /** Null where the connection ends before it is answered, or there is none. */
  readonly ask: (command: string) => Promise<Reply | null>;
  readonly tell: (text: string, details: Readonly<Record<string, unknown>>) => void;
  /** It had ended before. */
  readonly late: (cid: number, why: string) => void;
}

/** Sessions of this server's OpenVPN that are to end, until it has been told: each is told of once, and asked for as often as it takes. */
export class Endings {
  readonly #told = new Set<number>();
  readonly #open = new Set<number>();

  constructor(private readonly parts: EndingsParts) {}

  /** @param cid the session, as the management interface calls it */
  end(cid: number, client: string, why: string): void {
    if (this.#told.has(cid)) return;
    this.#told.add(cid);
    for (const oldest of this.#told) if (this.#told.size > most) this.#told.delete(oldest);
    this.parts.tell(`client ${client} ${why}: its session here is ended`, { client, cid });
    this.#open.add(cid);
    void this.#ask(cid);
  }

  /** OpenVPN can be asked again. */
  again(): void {
    for (const cid of this.#open) void this.#ask(cid);
  }

  /** That OpenVPN is gone, and its sessions with it; the next one counts anew. */
  forget(): void {
    this.#told.clear();
    this.#open.clear();
  }

  async #ask(cid: number): Promise<void> {
    const reply = await this.parts.ask(`client-kill ${cid}`);
    if (reply === null || !this.#open.delete(cid)) return;
    if ("error" in reply) this.parts.late(cid, reply.error);
  }
}
