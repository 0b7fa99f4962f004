import type { Cluster } from "../topology/cluster.js";
import { interfaceOn } from "../topology/select.js";

/** Where an agent listens that has no topology yet. */
export const firstPort = 7443;

/**
 * Where a node's agent may be, likeliest first: where each of these clusters puts it, then where it listens before its
 * first topology. A change can move it, so that the cluster before and the one after both count.
 */
export function agentAddresses(
  node: string,
  clusters: readonly Cluster[],
): { readonly host: string; readonly port: number }[] {
  const places = clusters.flatMap(({ nodes, agent }) => {
    const self = nodes.find(({ name }) => name === node);
    const addresses = self === undefined ? [] : (interfaceOn(self, agent.network)?.addresses ?? []);
    return addresses.map(({ address }) => ({ host: address, port: agent.port }));
  });
  const all = [...places, ...places.map(({ host }) => ({ host, port: firstPort }))];
  return all.filter(
    (place, index) => all.findIndex(({ host, port }) => host === place.host && port === place.port) === index,
  );
}
