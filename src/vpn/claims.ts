import { type Presence, sameLogin } from "./clients.js";

/** What a server says: this is reached through a client of mine. */
export interface Claim {
  /** A prefix in canonical text. */
  readonly destination: string;
  readonly name: string;
  /** Whole seconds since 1970, by the claiming server's clock: to be shown, not to be compared with another's. */
  readonly since: number;
  /**
   * The greater, the newer: more than any that its server had heard of when the client came (Lamport 1978). 0 where the
   * client was found there by an agent that had only started: whoever saw it coming elsewhere knows better.
   */
  readonly sequence: number;
}

/** What servers tell one another. */
export interface ClaimNews {
  readonly server: string;
  /** Grows with every start of the server's agent. */
  readonly epoch: number;
  /** Counts the news of an epoch; whole news carry the number of the latest, and all that it claims. */
  readonly number: number;
  readonly whole: boolean;
  readonly claimed: readonly Claim[];
  /** Destinations. */
  readonly released: readonly string[];
}

/** What a server's agent tells another: news, in their order, and which of its news are the latest. */
export interface ClaimMessage {
  readonly epoch: number;
  readonly number: number;
  readonly news: readonly Omit<ClaimNews, "server" | "epoch">[];
}

interface Own {
  presence: Presence;
  readonly sequence: number;
  /** The client has come to another server since: for this login that stays so. */
  gone: boolean;
  /** Another server has a newer claim, be it of another client: as long as it has. */
  beaten: boolean;
  killed: boolean;
}

interface Peer {
  readonly epoch: number;
  readonly number: number;
  readonly claims: Map<string, Claim>;
}

/** Two clients that have the same address, one here and one on another server. */
export interface Dispute {
  readonly destination: string;
  readonly name: string;
  readonly server: string;
  readonly other: string;
}

/** What follows for this server. */
export interface Standing {
  /** What is routed to it, and by it to its clients: as it is when it is looked at. */
  readonly held: readonly Presence[];
  /** Destinations that it may hold, or no longer hold, or otherwise than before. */
  readonly touched: readonly string[];
  /** Sessions that are ghosts, by CID, each named once: the client is on another server. */
  readonly kill: readonly number[];
  /** For all other servers; null where nothing changed. */
  readonly news: ClaimNews | null;
}

/**
 * Whose a destination is, where several servers believe to have it: the newest claim wins at once, without an election and
 * without a clock. Where servers did not hear each other while a client moved, the elder may win: the client's session is
 * ended then, and as it comes back its claim is the newest.
 */
export class Claims {
  readonly #own = new Map<string, Own>();
  readonly #held = new Map<string, Presence>();
  readonly #peers = new Map<string, Peer>();
  /** Own destinations that another server claims, too. */
  readonly #rivalled = new Set<string>();
  #clock = 0;
  #number = 0;

  /** @param epoch greater than at any earlier start, as far as is known here */
  constructor(
    private readonly server: string,
    private epoch: number,
  ) {}

  /** What is routed to this server, by destination: as it is whenever it is looked at. */
  get held(): ReadonlyMap<string, Presence> {
    return this.#held;
  }

  /** The number of the latest news. */
  get latest(): Pick<ClaimNews, "epoch" | "number"> {
    return { epoch: this.epoch, number: this.#number };
  }

  /** @param present all that is reached through clients that are here */
  here(present: ReadonlyMap<string, Presence>): Standing {
    return this.changed(new Set([...this.#own.keys(), ...present.keys()]), (destination) =>
      present.get(destination),
    );
  }

  /**
   * @param destinations of which something may have changed here
   * @param presenceOf what is there now
   */
  changed(
    destinations: ReadonlySet<string>,
    presenceOf: (destination: string) => Presence | undefined,
  ): Standing {
    const before = this.#claimed(destinations);
    // One login's destinations are as new as each other.
    const next = this.#clock + 1;
    for (const destination of destinations) {
      const [own, presence] = [this.#own.get(destination), presenceOf(destination)];
      if (presence === undefined) this.#own.delete(destination);
      else if (own !== undefined && sameLogin(own.presence, presence)) own.presence = presence;
      else this.#own.set(destination, this.#fresh(presence, next));
    }
    return this.#settle(before, false);
  }

  /** @returns also whether something was missed, so that the sender must tell all */
  hear(news: ClaimNews): Standing & { readonly missed: boolean } {
    const earlier = news.whole ? (this.#peers.get(news.server)?.claims.keys() ?? []) : news.released;
    const about = [...news.claimed.map(({ destination }) => destination), ...earlier];
    const before = this.#claimed(about.filter((destination) => this.#own.has(destination)));
    const missed = this.#take(news);
    return this.#settle(before, missed);
  }

  /** The server is no part of the network any more. */
  forget(server: string): Standing {
    const told = this.#peers.get(server)?.claims.keys() ?? [];
    const before = this.#claimed([...told].filter((destination) => this.#own.has(destination)));
    this.#peers.delete(server);
    return this.#settle(before, false);
  }

  /** Whether all that a server told until then is known here. */
  knows(server: string, epoch: number, number: number): boolean {
    const peer = this.#peers.get(server);
    return peer !== undefined && (peer.epoch > epoch || (peer.epoch === epoch && peer.number >= number));
  }

  /** The latest start of another server's agent; undefined where nothing was heard of it. */
  epochOf(server: string): number | undefined {
    return this.#peers.get(server)?.epoch;
  }

  /**
   * Others know of a later start of this server's agent, as where its clock had run ahead and what it kept was lost: they would
   * believe nothing of this one until the clock is as far. Beyond the greatest number that can be told nobody could be believed.
   */
  outgrow(epoch: number): void {
    if (epoch > this.epoch && epoch < Number.MAX_SAFE_INTEGER) this.epoch = epoch + 1;
  }

  /** What is claimed by other servers, by server. */
  get told(): ReadonlyMap<string, readonly Claim[]> {
    return new Map([...this.#peers].map(([server, { claims }]) => [server, [...claims.values()]]));
  }

  get disputes(): readonly Dispute[] {
    return [...this.#rivalled].flatMap((destination) => {
      const name = this.#own.get(destination)?.presence.name;
      if (name === undefined) return [];
      return this.#rivals(destination).flatMap(([server, { name: other }]) =>
        other === name ? [] : [{ destination, name, server, other }],
      );
    });
  }

  /** For a server that missed something, or is new. */
  all(): ClaimNews {
    const claimed = [...this.#held.keys()].flatMap((destination) => this.#claim(destination) ?? []);
    return this.#news(true, claimed, []);
  }

  #fresh(presence: Presence, next: number): Own {
    if (presence.arrived) this.#clock = next;
    return { presence, sequence: presence.arrived ? next : 0, gone: false, beaten: false, killed: false };
  }

  #take({ server, epoch, number, whole, claimed, released }: ClaimNews): boolean {
    if (server === this.server) return false;
    for (const { sequence } of claimed) this.#clock = Math.max(this.#clock, sequence);
    const peer = this.#peers.get(server);
    const later = peer === undefined || epoch > peer.epoch || (epoch === peer.epoch && number > peer.number);
    if (whole) {
      const again = peer?.epoch === epoch && peer.number === number;
      if (later || again) this.#peers.set(server, { epoch, number, claims: byDestination(claimed) });
      return false;
    }
    if (!later) return false;
    if (peer?.epoch !== epoch || number !== peer.number + 1) return true;
    for (const destination of released) peer.claims.delete(destination);
    for (const claim of claimed) peer.claims.set(claim.destination, claim);
    this.#peers.set(server, { ...peer, number });
    return false;
  }

  /** @param before what was claimed, of all that may be otherwise now */
  #settle(
    before: ReadonlyMap<string, Claim | null>,
    missed: boolean,
  ): Standing & { readonly missed: boolean } {
    const kill = new Set<number>();
    const claimed: Claim[] = [];
    const released: string[] = [];
    for (const [destination, earlier] of before) {
      const ghost = this.#judge(destination);
      if (ghost !== null) kill.add(ghost);
      const claim = this.#claim(destination);
      if (claim !== null && !same(earlier ?? undefined, claim)) claimed.push(claim);
      if (claim === null && earlier !== null) released.push(destination);
    }
    const changed = claimed.length > 0 || released.length > 0;
    if (changed) this.#number += 1;
    const holding = this.#held;
    return {
      get held() {
        return [...holding.values()];
      },
      touched: [...before.keys()],
      kill: [...kill],
      news: changed ? this.#news(false, claimed, released) : null,
      missed,
    };
  }

  /** Whose it is now. @returns the session that is a ghost, where it is to be ended */
  #judge(destination: string): number | null {
    const own = this.#own.get(destination);
    this.#held.delete(destination);
    this.#rivalled.delete(destination);
    if (own === undefined) return null;
    const all = this.#rivals(destination);
    if (all.length > 0) this.#rivalled.add(destination);
    const rivals = all.filter(([server, claim]) => {
      return claim.sequence !== own.sequence ? claim.sequence > own.sequence : server > this.server;
    });
    // Another client that has the same address makes no ghost of this one, which has it again when that one goes.
    own.gone ||= rivals.some(([, { name }]) => name === own.presence.name);
    own.beaten = own.gone || rivals.length > 0;
    if (!own.beaten) this.#held.set(destination, own.presence);
    const { cid } = own.presence;
    if (!own.gone || own.killed || cid === null) return null;
    own.killed = true;
    return cid;
  }

  #rivals(destination: string): [server: string, claim: Claim][] {
    const rivals: [string, Claim][] = [];
    for (const [server, { claims }] of this.#peers) {
      const claim = claims.get(destination);
      if (claim !== undefined) rivals.push([server, claim]);
    }
    return rivals;
  }

  #claimed(destinations: Iterable<string>): Map<string, Claim | null> {
    const claimed = new Map<string, Claim | null>();
    for (const destination of destinations) claimed.set(destination, this.#claim(destination));
    return claimed;
  }

  #claim(destination: string): Claim | null {
    const own = this.#own.get(destination);
    if (own === undefined || own.beaten) return null;
    const { name, since } = own.presence;
    return { destination, name, since, sequence: own.sequence };
  }

  #news(whole: boolean, claimed: readonly Claim[], released: readonly string[]): ClaimNews {
    return { server: this.server, epoch: this.epoch, number: this.#number, whole, claimed, released };
  }
}

const byDestination = (claims: readonly Claim[]): Map<string, Claim> =>
  new Map(claims.map((claim) => [claim.destination, claim]));

const same = (a: Claim | undefined, b: Claim): boolean => a?.sequence === b.sequence && sameLogin(a, b);
