import type { Beat } from "./beat.js";
import type { PeerReport } from "./decide.js";
import type { PeerHearing } from "./reachability.js";

interface Peer {
  readonly beat: Beat;
  /** When its last beat arrived, on any network. */
  readonly at: number;
  /** By network: the highest sequence number that arrived there, and when. */
  readonly arrivals: ReadonlyMap<string, { readonly sequence: number; readonly at: number }>;
}

/** What the peers' beats say, and where they arrived. Times are milliseconds of the node's own steady clock. */
export class Peers {
  private readonly known = new Map<string, Peer>();

  /** @param freshness milliseconds for which a beat counts */
  constructor(private readonly freshness: number) {}

  /** Takes a beat; false when it is old or came before on this network. */
  take(beat: Beat, network: string, now: number): boolean {
    const last = this.known.get(beat.node);
    const restarted = last !== undefined && beat.boot !== last.beat.boot;
    // An agent whose clock went back still gets through once its former self has fallen silent.
    if (restarted && beat.boot < last.beat.boot && now - last.at <= this.freshness) return false;
    const before = restarted ? undefined : last;
    if (beat.sequence <= (before?.arrivals.get(network)?.sequence ?? 0)) return false;
    const arrivals = new Map(before?.arrivals).set(network, { sequence: beat.sequence, at: now });
    const newest = before !== undefined && before.beat.sequence > beat.sequence ? before.beat : beat;
    this.known.set(beat.node, { beat: newest, at: now, arrivals });
    return true;
  }

  reports(now: number): PeerReport[] {
    return [...this.known].map(([name, { beat, at }]) => ({ name, age: now - at, severity: beat.severity }));
  }

  /** The last beat of each peer that is heard. */
  fresh(now: number): Beat[] {
    return this.live(now).map(({ beat }) => beat);
  }

  /** What live peers hear on a network. */
  hearing(network: string, now: number): PeerHearing[] {
    return this.live(now).map(({ at, beat: { node, networks } }) => ({
      peer: node,
      at,
      heard: networks[network]?.heard ?? [],
    }));
  }

  /** Peers whose beats arrived on a network within `silence` milliseconds. */
  heardOn(network: string, now: number, silence: number): string[] {
    return [...this.known]
      .filter(([, { arrivals }]) => now - (arrivals.get(network)?.at ?? Number.NEGATIVE_INFINITY) <= silence)
      .map(([name]) => name);
  }

  private live(now: number): Peer[] {
    return [...this.known.values()].filter(({ at }) => now - at <= this.freshness);
  }
}
