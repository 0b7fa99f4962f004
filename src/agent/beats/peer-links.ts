import type { Peer } from "./peers.js";

/** A peer and a network that it is on, as this node is. */
export interface PeerLink {
  readonly peer: string;
  readonly network: string;
}

export const linkName = ({ peer, network }: PeerLink): string => `${peer} on ${network}`;

/** Milliseconds without a beat on one network of a peer that is heard on another: more than a busy moment. */
const patience = 3_000;
/** Milliseconds between two looks. */
const every = 1_000;

/**
 * Networks on which a live peer is not heard any more. A network with virtual IPs that is dead is a fault of its own;
 * this is told to people, most of all where the network carries the agents' talk or the sessions' state: it moves nothing,
 * and the next apply or failover would be the first to notice.
 */
export class PeerLinks {
  private readonly aliveSince = new Map<string, number>();
  private silent: readonly PeerLink[];
  private nextAt = Number.NEGATIVE_INFINITY;

  /**
   * @param networks those that this node is on
   * @param freshness milliseconds for which a beat counts
   * @param changed called with what is not heard any more, and what is heard again; one of the two is never empty
   * @param told what the agent before this one knew
   */
  constructor(
    private readonly networks: readonly string[],
    private readonly freshness: number,
    private readonly changed: (lost: readonly PeerLink[], back: readonly PeerLink[]) => void,
    told: readonly PeerLink[] = [],
  ) {
    this.silent = told;
  }

  get unheard(): readonly PeerLink[] {
    return this.silent;
  }

  /** @param now by the clock by which the peers' beats arrived; cheap: to be called with every beat */
  look(peers: ReadonlyMap<string, Peer>, now: number): void {
    if (now < this.nextAt) return;
    this.nextAt = now + every;
    const alive = [...peers].filter(([, { at }]) => now - at <= this.freshness);
    for (const name of [...this.aliveSince.keys()])
      if (!alive.some(([peer]) => peer === name)) this.aliveSince.delete(name);
    const before = this.silent;
    this.silent = alive.flatMap(([peer, known]) => this.silentOf(peer, known, now));
    const lost = this.silent.filter((link) => !has(before, link));
    // Of a peer that is gone altogether nothing is heard again.
    const back = before.filter((link) => this.aliveSince.has(link.peer) && !has(this.silent, link));
    if (lost.length + back.length > 0) this.changed(lost, back);
  }

  private silentOf(peer: string, { beat, arrivals }: Peer, now: number): PeerLink[] {
    const since = this.aliveSince.get(peer) ?? now;
    this.aliveSince.set(peer, since);
    return this.networks
      .filter((network) => beat.networks[network] !== undefined)
      .map((network) => ({ peer, network }))
      .filter((link) => {
        const arrived = arrivals.get(link.network)?.at ?? Number.NEGATIVE_INFINITY;
        return now - (has(this.silent, link) ? arrived : Math.max(arrived, since)) >= patience;
      });
  }
}

const has = (links: readonly PeerLink[], link: PeerLink): boolean =>
  links.some((one) => linkName(one) === linkName(link));
