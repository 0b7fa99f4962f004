/** What a node's last beat said, and how old that is. */
export interface PeerReport {
  readonly name: string;
  /** Milliseconds since its last beat arrived on any network. */
  readonly age: number;
  /** How broken its word makes it; 0 is fit (see faults.ts). */
  readonly severity: number;
}

export interface Self {
  readonly severity: number;
  /** What the peers hear of it, doubt included that does not count here yet. */
  readonly said: number;
  readonly faults: readonly string[];
  /** Why it does not stay even where it hears no peer; null where it does. */
  readonly cutOff: string | null;
  /** Peers that have owned the same virtual IPs for too long, and come first: no advert decides between the two. */
  readonly rivals: readonly string[];
}

export interface Decision {
  /** Ask keepalived to leave the virtual IPs to others. */
  readonly yield: boolean;
  /** One clause for the log. */
  readonly why: string;
}

/**
 * Whether a node leaves the virtual IPs to its peers: only while a live peer is strictly less broken. The least broken
 * node has no such peer, so that one node at least always stays; equal faults cancel out and nothing moves. Where VRRP
 * leaves two owners, equal ones go by preference, and both are weighed by what is said of them: whoever left to a rival
 * that says more than nothing would else meet one that does the same. A node that is cut off leaves them to whoever may
 * be there.
 *
 * @param freshness the age in milliseconds up to which a peer counts as alive
 */
export function decide(self: Self, peers: readonly PeerReport[], freshness: number): Decision {
  const live = peers.filter((peer) => peer.age <= freshness);
  const rival = live.find(({ name, severity }) => self.rivals.includes(name) && severity <= self.said);
  if (rival !== undefined)
    return { yield: true, why: `${rival.name} owns the virtual IPs too, and comes first` };
  if (self.severity === 0) return { yield: false, why: "fit" };
  const trouble = self.faults.length > 0 ? self.faults.join(", ") : "a fault only just gone";
  const best = live.reduce<PeerReport | null>(
    (least, peer) => (least === null || peer.severity < least.severity ? peer : least),
    null,
  );
  if (best === null)
    return self.cutOff === null
      ? { yield: false, why: `${trouble}, but no peer is heard` }
      : { yield: true, why: self.cutOff };
  if (best.severity < self.severity)
    return { yield: true, why: `${trouble}; ${best.name} is ${best.severity === 0 ? "fit" : "less broken"}` };
  return { yield: false, why: `${trouble}, but no peer is less broken` };
}
