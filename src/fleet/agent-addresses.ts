import type { Cluster } from "../topology/cluster.js";
import { machinesOf } from "../topology/machines.js";

/** Where an agent listens that has no topology yet. */
export const firstPort = 7443;

/**
 * Where a machine's agent may be, likeliest first: where each of these clusters puts it, then where it listens before its
 * first topology. A change can move it, so that the cluster before and the one after both count.
 */
export function agentAddresses(
  machine: string,
  clusters: readonly Cluster[],
): { readonly host: string; readonly port: number }[] {
  const places = clusters.flatMap((cluster) => {
    const self = machinesOf(cluster).find(({ name }) => name === machine);
    return (self?.agentAddresses ?? []).map(({ address }) => ({ host: address, port: cluster.agent.port }));
  });
  const all = [...places, ...places.map(({ host }) => ({ host, port: firstPort }))];
  return all.filter(
    (place, index) => all.findIndex(({ host, port }) => host === place.host && port === place.port) === index,
  );
}
