import type { Reply } from "../../vpn/management.js";

export interface EndingsParts {
  /** Null where the connection ends before it is answered, or there is none. */
  readonly ask: (command: string) => Promise<Reply | null>;
  readonly tell: (text: string, details: Readonly<Record<string, unknown>>) => void;
  /** It had ended before. */
  readonly late: (cid: number, why: string) => void;
}

interface Ending {
  readonly client: string;
  /** OpenVPN was told. */
  heard: boolean;
}

/** Sessions of this server's OpenVPN that are to end: each is told of once, and asked for until OpenVPN has heard it. */
export class Endings {
  /** By the number that the management interface has for a session. */
  readonly #sessions = new Map<number, Ending>();

  constructor(private readonly parts: EndingsParts) {}

  get any(): boolean {
    return this.#sessions.size > 0;
  }

  end(cid: number, client: string, why: string): void {
    if (this.#sessions.get(cid)?.client === client) return;
    const ending = { client, heard: false };
    this.#sessions.set(cid, ending);
    this.parts.tell(`client ${client} ${why}: its session here is ended`, { client, cid });
    void this.#ask(cid, ending);
  }

  /**
   * Asks again for those that OpenVPN has not heard of. One that is no more is forgotten: another OpenVPN counts anew.
   *
   * @param there whose each session is that there is, by its number
   */
  again(there: ReadonlyMap<number, string>): void {
    for (const [cid, ending] of this.#sessions)
      if (there.get(cid) !== ending.client) this.#sessions.delete(cid);
      else if (!ending.heard) void this.#ask(cid, ending);
  }

  async #ask(cid: number, ending: Ending): Promise<void> {
    const reply = await this.parts.ask(`client-kill ${cid}`);
    if (reply === null || ending.heard) return;
    ending.heard = true;
    if ("error" in reply) this.parts.late(cid, reply.error);
  }
}
