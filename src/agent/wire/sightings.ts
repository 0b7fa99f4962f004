import type { Cluster } from "../../topology/cluster.js";
import { virtualIpsOn, vrrpNetworks } from "../../topology/select.js";
import type { Sighting } from "./sighting.js";

/** Sightings kept a network: at the shortest interval that a busy machine holds, some ten seconds of adverts. */
const kept = 1_024;
/** Milliseconds within which one of several alike is enough: a busy service must not push the adverts out. */
const alike = 1_000;

/** What the wire said lately, network by network, oldest first. */
export class Sightings {
  private readonly byNetwork = new Map<string, Sighting[]>();
  private readonly networkOf = new Map<string, string>();
  private readonly nodeOf = new Map<string, string>();
  /** By kind, direction and address. */
  private readonly last = new Map<string, number>();

  constructor(cluster: Cluster) {
    for (const { name } of vrrpNetworks(cluster)) {
      this.byNetwork.set(name, []);
      for (const { addresses } of virtualIpsOn(cluster, name))
        for (const { address } of addresses) this.networkOf.set(address, name);
    }
    for (const node of cluster.nodes)
      for (const { network, addresses } of node.interfaces)
        for (const { address } of addresses) {
          this.nodeOf.set(address, node.name);
          this.networkOf.set(address, network);
        }
  }

  /** Keeps it, and returns the network that it speaks of; null when it is none of the cluster's. */
  add(sighting: Sighting): string | null {
    const network = this.place(sighting);
    const list = network === undefined ? undefined : this.byNetwork.get(network);
    if (network === undefined || list === undefined) return null;
    if (sighting.kind === "traffic" || sighting.kind === "answer") {
      const key = `${sighting.kind} ${sighting.outgoing} ${sighting.addresses[0]}`;
      if (sighting.at - (this.last.get(key) ?? 0) < alike) return network;
      this.last.set(key, sighting.at);
    }
    list.push(sighting);
    if (list.length > 2 * kept) list.splice(0, kept);
    return network;
  }

  on(network: string): readonly Sighting[] {
    return this.byNetwork.get(network) ?? [];
  }

  /** The node that has this address of its own. */
  nodeAt(address: string): string | null {
    return this.nodeOf.get(address) ?? null;
  }

  private place(sighting: Sighting): string | undefined {
    const bySource = sighting.kind === "advert" ? this.networkOf.get(sighting.source) : undefined;
    return bySource ?? sighting.addresses.map((address) => this.networkOf.get(address)).find((name) => name);
  }
}
