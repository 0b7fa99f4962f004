import { serverMachines } from "../../lab/layout-servers.js";
import { contains } from "../../topology/address.js";
import type { Cluster } from "../../topology/cluster.js";
import { ip, prefixOf } from "../../topology/cluster-addresses.js";
import { networkNamed } from "../../topology/select.js";

/** The machines of these servers, by the addresses that they have: several servers may share one. */
export function machinesOf(cluster: Cluster, addresses: readonly string[]): string[] {
  const own = serverMachines(cluster).filter(({ address }) => addresses.includes(address));
  return own.map(({ names: [name], address }) => name ?? address);
}

/** Those behind the first service, which new sessions are opened with. */
export const firstServers = (cluster: Cluster): string[] =>
  machinesOf(cluster, cluster.services[0]?.servers.map(({ address }) => address) ?? []);

/** Whether servers stand on a network. */
export function hasServers(cluster: Cluster, network: string): boolean {
  const prefixes = networkNamed(cluster, network).cidrs.map(prefixOf);
  return cluster.services.some(({ servers }) =>
    servers.some(({ address }) => prefixes.some((prefix) => contains(prefix, ip(address)))),
  );
}
