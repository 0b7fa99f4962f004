import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import type { ClaimAnswer } from "../../api/vpn.js";
import type { ClaimMessage, ClaimNews } from "../../vpn/claims.js";

/** The agent of another server, known by its certificate. */
export interface ClaimHearer {
  readonly server: string;
  tellClaims(message: ClaimMessage): Promise<ClaimAnswer>;
}

interface Hearing {
  /** It lacks something, and hears all. */
  whole: boolean;
  pending: ClaimNews[];
  busy: boolean;
  /** It is told once more as soon as it has answered. */
  again: boolean;
}

/** News that may wait for a slow server when more come: it hears all instead, where each destination stands once. */
const most = 64;

/** Milliseconds until one that did not hear is told again. */
const again = 250;

/** Tells every other server what is reached through this one's clients: what changes at once, and in each round whether it knows all. */
export class ClaimSpread {
  readonly #hearings = new Map<string, Hearing>();
  #stopped = false;

  /**
   * @param all what there is to know, with the number of the latest news
   * @param latest that number alone, which costs nothing
   * @param outgrow a later start of this server's agent is known elsewhere
   */
  constructor(
    private readonly peers: () => readonly ClaimHearer[],
    private readonly all: () => ClaimNews,
    private readonly latest: () => Pick<ClaimNews, "epoch" | "number"> = all,
    private readonly outgrow: (epoch: number) => void = () => undefined,
  ) {}

  news(news: ClaimNews): void {
    for (const hearing of this.#hearings.values()) {
      if (hearing.pending.length >= most) Object.assign(hearing, hearsAll());
      if (!hearing.whole) hearing.pending.push(news);
    }
    this.round();
  }

  /** Whoever did not hear something hears it now. */
  round(): void {
    if (this.#stopped) return;
    const peers = this.peers();
    const there = new Set(peers.map(({ server }) => server));
    for (const server of this.#hearings.keys()) if (!there.has(server)) this.#hearings.delete(server);
    for (const peer of peers) void this.#tell(peer);
  }

  /** Nobody is told anything any more. */
  stop(): void {
    this.#stopped = true;
  }

  async #tell(peer: ClaimHearer): Promise<void> {
    const hearing = this.#hearings.get(peer.server) ?? { ...hearsAll(), busy: false, again: false };
    this.#hearings.set(peer.server, hearing);
    hearing.again = hearing.busy;
    if (hearing.busy) return;
    hearing.busy = true;
    try {
      do {
        hearing.again = false;
        await this.#send(peer, hearing);
      } while (hearing.again || hearing.pending.length > 0);
    } catch {
      // A word that is late may cost a client its session: the elder server would win.
      Object.assign(hearing, hearsAll());
      setTimeout(() => this.#retell(peer.server), again).unref();
    } finally {
      hearing.busy = false;
    }
  }

  /** Who did not hear, and nobody else: the others would be asked in vain, again and again, for as long as one is gone. */
  #retell(server: string): void {
    const peer = this.#stopped ? undefined : this.peers().find((each) => each.server === server);
    if (peer !== undefined) void this.#tell(peer);
  }

  async #send(peer: ClaimHearer, hearing: Hearing): Promise<void> {
    const wasWhole = hearing.whole;
    // Thousands of claims are a text of megabytes: own routes go before it.
    if (wasWhole) await turnOfTheLoop();
    const { epoch, number: newest } = this.latest();
    const news = wasWhole ? [this.all()] : hearing.pending;
    Object.assign(hearing, { whole: false, pending: [] });
    const { whole, epoch: known = epoch } = await peer.tellClaims({
      epoch,
      number: newest,
      news: news.map(({ number, whole: isAll, claimed, released }) => ({
        number,
        whole: isAll,
        claimed,
        released,
      })),
    });
    if (known > epoch) this.outgrow(known);
    if (!whole && known <= epoch) return;
    Object.assign(hearing, hearsAll());
    // One that heard all and still lacks something is asked again in the next round, not at once.
    hearing.again ||= !wasWhole;
  }
}

const hearsAll = (): Pick<Hearing, "whole" | "pending"> => ({ whole: true, pending: [] });
