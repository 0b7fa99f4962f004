import type { Cluster, Node } from "../../topology/cluster.js";
import type { Beat, BeatNetwork } from "../beats/beat.js";
import type { Peers } from "../beats/peers.js";
import { deadBecause, heardWitnesses, hearingWindow } from "./reachability.js";
import { NetworkTargets } from "./targets.js";
import { sightOf, type WitnessSight } from "./witness-sight.js";

/** What one node knows of one network, kept across a change of the topology. */
export interface KeptEvidence {
  readonly asked: ReadonlyMap<string, number>;
  readonly answered: ReadonlyMap<string, number>;
  readonly exchanged: number | null;
}

interface Watched {
  readonly name: string;
  readonly device: string;
  readonly targets: NetworkTargets;
  readonly asked: Map<string, number>;
  readonly answered: Map<string, number>;
  exchanged: number | null;
}

/** At most so many witnesses are named in a beat: all networks together must stay within one datagram. */
const mostNamed = (networks: number): number => Math.max(1, Math.min(8, Math.floor(24 / networks)));

/** What this node hears on each of its networks. Times are milliseconds of the node's own steady clock. */
export class Networks {
  private readonly watched: readonly Watched[];
  /** The networks on which a witness is asked, by its address. */
  private askedOn: ReadonlyMap<string, Watched> = new Map();

  /**
   * @param silence milliseconds without any evidence that make a network suspicious
   * @param kept what was known before, by network
   */
  constructor(
    private readonly cluster: Cluster,
    private readonly node: Node,
    private readonly peers: Peers,
    private readonly silence: number,
    kept: ReadonlyMap<string, KeptEvidence> = new Map(),
  ) {
    this.watched = node.interfaces.map(({ network, device }) => ({
      name: network,
      device,
      targets: new NetworkTargets(cluster, network),
      asked: new Map(kept.get(network)?.asked),
      answered: new Map(kept.get(network)?.answered),
      exchanged: kept.get(network)?.exchanged ?? null,
    }));
  }

  /** For the next agent of this process. */
  get evidence(): ReadonlyMap<string, KeptEvidence> {
    return new Map(this.watched.map((network) => [network.name, network]));
  }

  /** Every witness to ask now, on all networks. */
  targets(now: number): string[] {
    const asked = new Map<string, Watched>();
    for (const network of this.watched)
      for (const address of network.targets.asked(this.namedByPeers(network.name, now), now))
        asked.set(address, network);
    this.askedOn = asked;
    return [...asked.keys()];
  }

  learn(neighbours: ReadonlyMap<string, readonly string[]>): void {
    for (const { device, targets } of this.watched) targets.learn(neighbours.get(device) ?? []);
  }

  /** @param at when the witness answered, or had not answered in time */
  ping(address: string, answered: boolean, at: number): void {
    const network = this.askedOn.get(address);
    network?.asked.set(address, at);
    if (answered) network?.answered.set(address, at);
  }

  /** A peer's beat arrived: if it hears this node there too, both directions work. */
  beat(beat: Beat, network: string, now: number): void {
    const watched = this.watched.find(({ name }) => name === network);
    if (watched && beat.networks[network]?.peers.includes(this.node.name)) watched.exchanged = now;
  }

  /** The networks that are dead for this node alone, and what proves it. */
  dead(now: number): Map<string, string> {
    const dead = new Map<string, string>();
    for (const network of this.watched) {
      const proof = deadBecause(network, this.peers.hearing(network.name, now), now, this.silence);
      if (proof !== null) dead.set(network.name, `${proof.peer} hears ${proof.witness}`);
    }
    return dead;
  }

  /** How the operator's witnesses stand. @param patience milliseconds for which each may be silent */
  witnesses(now: number, patience: (address: string) => number): WitnessSight[] {
    return this.cluster.failover.witnesses.flatMap((witness) => {
      const on = this.watched.find(({ name }) => name === witness.network);
      return on === undefined ? [] : [sightOf(witness, on, now, patience(witness.address))];
    });
  }

  /**
   * Milliseconds until a peer that lives would not have been met in both directions on some network for `patience`; less
   * than 0 where that is so already, and Infinity where nobody is to be met.
   */
  doubtIn(now: number, patience: number): number {
    const alive = this.peers.fresh(now);
    const shared = this.watched.filter(({ name }) =>
      alive.some(({ networks }) => networks[name] !== undefined),
    );
    const ages = shared.map(({ exchanged }) => now - (exchanged ?? Number.NEGATIVE_INFINITY));
    return patience - Math.max(Number.NEGATIVE_INFINITY, ...ages);
  }

  /** This node's word to its peers. */
  report(now: number, vrrp: (network: string) => BeatNetwork["vrrp"]): Record<string, BeatNetwork> {
    const most = mostNamed(this.watched.length);
    return Object.fromEntries(
      this.watched.map((network) => {
        const heard = heardWitnesses(network, now, hearingWindow(this.silence)).slice(0, most);
        return [
          network.name,
          {
            vrrp: vrrp(network.name),
            heard,
            silent: network.targets.neighbours
              .filter((address) => !heard.includes(address))
              .slice(0, most - heard.length),
            peers: this.peers.heardOn(network.name, now, this.silence).slice(0, most),
          },
        ];
      }),
    );
  }

  private namedByPeers(network: string, now: number): string[] {
    return this.peers.fresh(now).flatMap(({ networks }) => {
      const { heard = [], silent = [] } = networks[network] ?? {};
      return [...heard, ...silent];
    });
  }
}
