/** What one node knows of one network. Times are milliseconds of the node's own steady clock; absent means never. */
export interface NetworkEvidence {
  /** By address: when this witness was last asked to an end, whether it answered or not. */
  readonly asked: ReadonlyMap<string, number>;
  /** By address: when this witness last answered. */
  readonly answered: ReadonlyMap<string, number>;
  /** When a beat last arrived on this network from a peer that said it hears this node on it: both directions work. */
  readonly exchanged: number | null;
}

/** What a peer whose beat is fresh says of the same network. */
export interface PeerHearing {
  readonly peer: string;
  /** When it said so. */
  readonly at: number;
  /** Witnesses that answered it within `hearingWindow` before. */
  readonly heard: readonly string[];
}

/** How far apart the last answers of one witness to two nodes may lie although it fell silent for both at once. */
const apart = 150;

/** For how long a node names a witness that answered: shorter than the silence, so that its word is of later than that. */
export const hearingWindow = (silence: number): number => silence / 2;

/** Whether something happened, and not longer ago than `silence`. */
export const within = (time: number | null | undefined, now: number, silence: number): boolean =>
  time !== null && time !== undefined && now - time <= silence;

/** Witnesses that answered within the last `window` milliseconds. */
export const heardWitnesses = (evidence: NetworkEvidence, now: number, window: number): string[] =>
  [...evidence.answered].filter(([, time]) => within(time, now, window)).map(([address]) => address);

/**
 * Whether the network is dead for this node alone. All of it must hold: no witness answered and no peer was met in both
 * directions for `silence` milliseconds, while a live peer heard a witness after this node's last evidence, and this
 * node asks that witness too. A witness silent for everyone (crashed, behind a dead switch, or filtering ICMP) therefore
 * proves nothing, and neither does a prober that stopped asking.
 *
 * @returns the peer and the witness that prove it, or null
 */
export function deadBecause(
  evidence: NetworkEvidence,
  peers: readonly PeerHearing[],
  now: number,
  silence: number,
): { readonly peer: string; readonly witness: string } | null {
  if (within(evidence.exchanged, now, silence)) return null;
  if (heardWitnesses(evidence, now, silence).length > 0) return null;
  const last = Math.max(evidence.exchanged ?? Number.NEGATIVE_INFINITY, ...evidence.answered.values());
  for (const { peer, at, heard } of peers) {
    if (at - hearingWindow(silence) - apart < last) continue;
    const witness = heard.find((address) => within(evidence.asked.get(address), now, silence));
    if (witness !== undefined) return { peer, witness };
  }
  return null;
}
