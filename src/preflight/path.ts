import type { Cluster, Family, Node } from "../topology/cluster.js";
import { interfaceOn, peersOf } from "../topology/select.js";
import type { Link } from "./devices.js";
import { type Finding, findingsOf } from "./finding.js";

/** One way to a peer, and the largest packet that its devices promise. */
export interface Path {
  readonly network: string;
  readonly peer: string;
  readonly family: Family;
  readonly own: string;
  readonly address: string;
  readonly mtu: number;
}

/** What was answered there: a small packet, and one of the whole MTU. */
export interface PathAnswers {
  readonly small: boolean;
  readonly whole: boolean;
}

/** Every way to every peer over devices that this node has. */
export const pathsToPeers = (cluster: Cluster, node: Node, links: readonly Link[]): Path[] =>
  node.interfaces.flatMap(({ network, device, addresses }) => {
    const link = links.find(({ name }) => name === device);
    if (link === undefined) return [];
    return peersOf(cluster, node).flatMap((peer) =>
      (interfaceOn(peer, network)?.addresses ?? []).flatMap(({ family, address }) => {
        const own = addresses.find((each) => each.family === family);
        if (own === undefined || !link.addresses.includes(`${own.address}/${own.prefix}`)) return [];
        return [{ network, peer: peer.name, family, own: own.address, address, mtu: link.mtu }];
      }),
    );
  });

/** Bytes of ping's data that make one packet of the whole MTU: less the headers of IP and of ICMP (8). */
export const wholeData = ({ family, mtu }: Path): number => mtu - (family === 4 ? 20 : 40) - 8;

const { ok, warning, error } = findingsOf("path");

/** Whether whole packets pass. Nobody says so when they do not: sessions hang once they send more than a line. */
export function path({ network, peer, own, address, mtu }: Path, { small, whole }: PathAnswers): Finding {
  const place = `${network}: ${peer} (${address})`;
  if (whole) return ok(place, `packets of ${mtu} bytes pass`);
  if (small)
    return error(
      place,
      `small packets pass, but none of ${mtu} bytes, which is this device's MTU`,
      `give every device and switch of ${network} the same MTU, or write the smaller one as networks.${network}.mtu`,
    );
  return warning(
    place,
    `${peer} does not answer ping from ${own}`,
    "see that the node is up and both are in one broadcast domain (VLAN); if only ping is filtered, admit it: the agents use it too",
  );
}
