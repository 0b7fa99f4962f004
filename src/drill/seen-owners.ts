import type { Cluster } from "../topology/cluster.js";
import { virtualIpsOn } from "../topology/select.js";
import { detection } from "../topology/timing.js";
import type { Measurement } from "./measurement.js";
import { ownerChanges, ownerships, twoOwners } from "./owners.js";
import type { WireEvent } from "./wire.js";

/** What was heard on one network. */
export interface Heard {
  readonly network: string;
  readonly events: readonly WireEvent[];
}

/** Who owned each network's virtual IPs until `to`, told in milliseconds after the fault. */
export function seenOwners(
  cluster: Cluster,
  heard: readonly Heard[],
  injectedAt: number,
  to: number,
): Measurement["owners"] {
  const silence = detection(cluster) + cluster.failover.advertInterval;
  const each = heard.map(({ network, events }) => {
    const own = events.filter(({ at }) => at <= to);
    const spans = ownerships(own, silence);
    const addresses = virtualIpsOn(cluster, network).flatMap((ip) =>
      ip.addresses.map(({ address }) => address),
    );
    return { network, spans, changes: ownerChanges(spans), both: twoOwners(own, spans, addresses) };
  });
  return {
    changes: Math.max(0, ...each.map(({ changes }) => changes)),
    twoOwners: Math.max(0, ...each.map(({ both }) => both)),
    timeline: each.flatMap(({ network, spans }) =>
      spans.map(({ source, from, until }) => ({
        network,
        node: nodeAt(cluster, source),
        from: Math.round(from - injectedAt),
        until: Math.round(until - injectedAt),
      })),
    ),
  };
}

/** The node whose address it is; the address itself when it is nobody's. */
const nodeAt = (cluster: Cluster, address: string): string =>
  cluster.nodes.find((node) =>
    node.interfaces.some(({ addresses }) => addresses.some((own) => own.address === address)),
  )?.name ?? address;
