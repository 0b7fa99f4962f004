import type { Cluster, Family, Interface, Node } from "../topology/cluster.js";
import { peersOf } from "../topology/select.js";

/** The node's device on each of its networks. @throws where the node has none */
export function devicesOf(node: Node): (network: string) => string {
  const devices = new Map(node.interfaces.map(({ network, device }) => [network, device]));
  return (network) => {
    const device = devices.get(network);
    if (device === undefined) throw new Error(`node ${node.name} has no interface on network ${network}`);
    return device;
  };
}

export const addressesOf = (face: Interface, family: Family): string[] =>
  face.addresses.filter((address) => address.family === family).map(({ address }) => address);

/** The addresses that the other nodes have on a network. */
export const peerAddresses = (cluster: Cluster, node: Node, network: string, family: Family): string[] =>
  peersOf(cluster, node).flatMap((peer) =>
    peer.interfaces.filter((face) => face.network === network).flatMap((face) => addressesOf(face, family)),
  );

/** Whether anything of the cluster speaks the family. */
export const speaks = (cluster: Cluster, family: Family): boolean =>
  cluster.networks.some(({ cidrs }) => cidrs.some((cidr) => cidr.family === family));
