import type { Cluster } from "../../topology/cluster.js";
import { interfaceOn } from "../../topology/select.js";
import { linkName, type PeerLink } from "../beats/peer-links.js";
import type { MetricsSnapshot } from "./snapshot.js";

/** Every other node on every network that it shares with this one, so that an alert can see that nothing is wrong. */
export function peerSilence(
  { nodes }: Cluster,
  node: string,
  unheard: readonly PeerLink[],
): MetricsSnapshot["links"] {
  const silent = new Set(unheard.map(linkName));
  const own = nodes.find(({ name }) => name === node)?.interfaces ?? [];
  return nodes
    .filter(({ name }) => name !== node)
    .flatMap((peer) =>
      own.flatMap(({ network }) => (interfaceOn(peer, network) ? { peer: peer.name, network } : [])),
    )
    .map((link) => ({ ...link, silent: silent.has(linkName(link)) }));
}
