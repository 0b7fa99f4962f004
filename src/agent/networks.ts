import type { Cluster, Node } from "../topology/cluster.js";
import type { Beat, BeatNetwork } from "./beat.js";
import type { PingResult } from "./fping.js";
import type { Peers } from "./peers.js";
import { deadBecause, heardWitnesses, hearingWindow } from "./reachability.js";
import { NetworkTargets } from "./targets.js";

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

  /** @param silence milliseconds without any evidence that make a network suspicious */
  constructor(
    cluster: Cluster,
    private readonly node: Node,
    private readonly peers: Peers,
    private readonly silence: number,
  ) {
    this.watched = node.interfaces.map(({ network, device }) => ({
      name: network,
      device,
      targets: new NetworkTargets(cluster, network),
      asked: new Map(),
      answered: new Map(),
      exchanged: null,
    }));
  }

  /** Every witness to ask now, on all networks. */
  targets(now: number): string[] {
    return this.watched.flatMap(({ name, targets }) => targets.asked(this.heardByPeers(name, now), now));
  }

  learn(neighbours: ReadonlyMap<string, readonly string[]>): void {
    for (const { device, targets } of this.watched) targets.learn(neighbours.get(device) ?? []);
  }

  ping({ address, answered }: PingResult, now: number): void {
    for (const network of this.watched) {
      if (!network.targets.has(address)) continue;
      network.asked.set(address, now);
      if (answered) network.answered.set(address, now);
    }
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

  /** This node's word to its peers. */
  report(now: number, vrrp: (network: string) => BeatNetwork["vrrp"]): Record<string, BeatNetwork> {
    const most = mostNamed(this.watched.length);
    return Object.fromEntries(
      this.watched.map((network) => [
        network.name,
        {
          vrrp: vrrp(network.name),
          heard: heardWitnesses(network, now, hearingWindow(this.silence)).slice(0, most),
          peers: this.peers.heardOn(network.name, now, this.silence).slice(0, most),
        },
      ]),
    );
  }

  private heardByPeers(network: string, now: number): string[] {
    return this.peers.hearing(network, now).flatMap(({ heard }) => heard);
  }
}
