import type { PeerWord } from "./peers.js";

/** A peer as the agent knows it. */
export interface PeerState extends PeerWord {
  /** Its beats arrive. */
  readonly alive: boolean;
  /** Alive, fit, and ready to own the virtual IPs. */
  readonly ready: boolean;
}

/** @param freshness the age in milliseconds up to which a peer counts as alive */
export function peerState(word: PeerWord, freshness: number): PeerState {
  const alive = word.age <= freshness;
  return { ...word, age: Math.round(word.age), alive, ready: alive && word.severity === 0 && !word.yielding };
}

/** The peers that are otherwise than they were; their age alone changes all the time. */
export const changedPeers = (before: readonly PeerState[], after: readonly PeerState[]): PeerState[] =>
  after.filter((peer) => {
    const old = before.find(({ name }) => name === peer.name);
    return (
      old === undefined ||
      old.alive !== peer.alive ||
      old.severity !== peer.severity ||
      old.ready !== peer.ready ||
      old.unsettled !== peer.unsettled ||
      old.generation?.number !== peer.generation?.number ||
      old.generation?.digest !== peer.generation?.digest
    );
  });
