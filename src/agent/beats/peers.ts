import type { PeerReport } from "../judgement/decide.js";
import { severitySaid } from "../judgement/faults.js";
import type { PeerHearing } from "../networks/reachability.js";
import type { Beat, BeatGeneration } from "./beat.js";

/** What a peer's last beat said, and how old that is. */
export interface PeerWord extends PeerReport {
  readonly faults: readonly string[];
  readonly yielding: boolean;
  readonly generation: BeatGeneration | null;
  readonly unsettled: boolean;
}

export interface Peer {
  readonly beat: Beat;
  /** When its last beat arrived, on any network. */
  readonly at: number;
  /** By network: the highest sequence number that arrived there, and when. */
  readonly arrivals: ReadonlyMap<string, { readonly sequence: number; readonly at: number }>;
}

/** What the peers' beats say, and where they arrived. Times are milliseconds of the node's own steady clock. */
export class Peers {
  private readonly known: Map<string, Peer>;

  /**
   * @param freshness milliseconds for which a beat counts
   * @param known what was known before
   */
  constructor(
    private readonly freshness: number,
    known: ReadonlyMap<string, Peer> = new Map(),
  ) {
    this.known = new Map(known);
  }

  /** For the next agent of this process. */
  get all(): ReadonlyMap<string, Peer> {
    return this.known;
  }

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

  /** The last word of each that was ever heard. */
  reports(now: number): PeerWord[] {
    return [...this.known].map(([name, { at, beat }]) => {
      const { faults, yielding, generation, unsettled } = beat;
      return { name, age: now - at, severity: severitySaid(beat), faults, yielding, generation, unsettled };
    });
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
