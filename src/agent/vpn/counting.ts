import type { Clients } from "../../vpn/clients.js";
import type { Reply } from "../../vpn/management.js";
import { sessionsIn } from "../../vpn/status3.js";

export interface CountingParts {
  readonly clients: Clients;
  readonly tap: boolean;
  /** Null where the connection ends before it is answered, or there is none. */
  readonly ask: (command: string) => Promise<Reply | null>;
  /** What hooks said by now is heard. */
  readonly heard: () => Promise<void>;
  /** Whether an answer is of no use any more. */
  readonly isOver: () => boolean;
  /** It has not answered for so long that it never may. */
  readonly stuck: () => void;
}

/** Milliseconds that a snapshot may take: of 50,000 clients it takes 0.2 s. */
const longest = 20_000;

/** Reads who is connected from OpenVPN's own table, once at a time. */
export class Counting {
  #since: number | null = null;
  /** Grows with each connection that ended: what was asked by it says nothing of who is there now. */
  #ended = 0;

  constructor(private readonly parts: CountingParts) {}

  get isUnderway(): boolean {
    return this.#since !== null;
  }

  /** @returns why the table is not understood, null where it is; undefined where it was not had */
  async count(): Promise<string | null | undefined> {
    const { clients, tap, ask, heard, isOver, stuck } = this.parts;
    const now = performance.now();
    if (this.#since !== null) {
      if (now - this.#since > longest) stuck();
      return;
    }
    this.#since = now;
    const ended = this.#ended;
    const asked = clients.ask();
    const reply = await ask("status 3");
    // What hooks said before OpenVPN answered is heard before the answer is.
    await heard();
    if (ended !== this.#ended) return;
    this.#since = null;
    if (reply === null || isOver()) return;
    const sessions = "lines" in reply ? sessionsIn(reply.lines, { tap }) : { refused: reply.error };
    if ("refused" in sessions) return sessions.refused;
    clients.snapshot(asked, sessions.value);
    return null;
  }

  /** The connection ended, and what was asked by it is not answered. */
  forget(): void {
    this.#ended += 1;
    this.#since = null;
  }
}
