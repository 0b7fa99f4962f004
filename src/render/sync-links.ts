import type { Cluster, Family, Node } from "../topology/cluster.js";
import { keepsSessions, peersOf } from "../topology/select.js";
import { syncPorts } from "../topology/sync-links.js";
import { addressesOf, devicesOf } from "./devices.js";

/** A way on which conntrackd speaks to the other nodes; it uses the first one whose device has a carrier. */
export interface SyncLink {
  readonly device: string;
  readonly family: Family;
  /** This node's address there. */
  readonly own: string;
  /** The other nodes' addresses there. */
  readonly peers: readonly string[];
  /** UDP. Each link has its own: conntrackd wants a multicast group of its own for each (conntrackd.conf(5)). */
  readonly port: number;
}

/** Preferred first; none where no session has to be kept. IPv4 where the network speaks it. */
export function syncLinks(cluster: Cluster, node: Node): SyncLink[] {
  if (!keepsSessions(cluster)) return [];
  const device = devicesOf(node);
  return cluster.sync.networks.map((network, index) => {
    const on = (one: Node) => one.interfaces.filter((face) => face.network === network);
    const family: Family = on(node).some((face) => addressesOf(face, 4).length > 0) ? 4 : 6;
    const addressOn = (one: Node): string => {
      const [address] = on(one).flatMap((face) => addressesOf(face, family));
      if (address === undefined)
        throw new Error(`node ${one.name} has no IPv${family} address on ${network}`);
      return address;
    };
    return {
      device: device(network),
      family,
      own: addressOn(node),
      peers: peersOf(cluster, node).map(addressOn),
      port: syncPorts.first + index,
    };
  });
}
