import type { Packet } from "../../capture/pcap.js";
import type { Cluster } from "../../topology/cluster.js";
import { virtualIpsOn, vrrpNetworks } from "../../topology/select.js";
import { sightingOf } from "./frame.js";
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
  /** What nobody has asked about yet, oldest first: of a standby nobody ever does, until it takes over. */
  private unread: Packet[] = [];
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

  /** Keeps packets that are looked into when somebody asks what was seen. */
  keep(packets: readonly Packet[]): void {
    this.unread.push(...packets);
    if (this.unread.length > 2 * kept) this.unread.splice(0, kept);
  }

  /** Keeps it, and returns the network that it speaks of; null when it is none of the cluster's. */
  add(sighting: Sighting): string | null {
    this.read();
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
    this.read();
    return this.byNetwork.get(network) ?? [];
  }

  /** The node that has this address of its own. */
  nodeAt(address: string): string | null {
    return this.nodeOf.get(address) ?? null;
  }

  private read(): void {
    const packets = this.unread;
    if (packets.length === 0) return;
    this.unread = [];
    for (const packet of packets) {
      const sighting = sightingOf(packet);
      if (sighting !== null) this.add(sighting);
    }
  }

  private place(sighting: Sighting): string | undefined {
    const bySource = sighting.kind === "advert" ? this.networkOf.get(sighting.source) : undefined;
    return bySource ?? sighting.addresses.map((address) => this.networkOf.get(address)).find((name) => name);
  }
}
