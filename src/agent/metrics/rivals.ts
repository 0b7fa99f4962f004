import type { Cluster } from "../../topology/cluster.js";
import { vrrpNetworks } from "../../topology/select.js";
import type { MetricsSnapshot } from "./snapshot.js";

type Place = Pick<MetricsSnapshot["rivals"][number], "network" | "peer">;

/**
 * Who could act as owner beside this node, and who does. The other nodes are told of always, so that an alert can see
 * that nothing is wrong; a stranger only while it claims something.
 */
export function rivalsOf(
  cluster: Cluster,
  node: string,
  acting: readonly Place[],
): MetricsSnapshot["rivals"] {
  const others = cluster.nodes.filter(({ name }) => name !== node);
  const known = vrrpNetworks(cluster).flatMap(({ name: network }) =>
    others.map(({ name: peer }) => ({ network, peer })),
  );
  const places = new Map([...known, ...acting].map((place) => [keyOf(place), place]));
  const now = new Set(acting.map(keyOf));
  return [...places].map(([key, { network, peer }]) => ({ network, peer, owner: now.has(key) }));
}

const keyOf = ({ network, peer }: Place): string => `${network} ${peer}`;
