import type { Cluster } from "../../topology/cluster.js";
import { vrrpNetworks } from "../../topology/select.js";
import { NetworkTargets } from "../networks/targets.js";

/** Networks whose loss hurts the switches: those with virtual IPs, and those on which servers stand. */
export function servingNetworks(cluster: Cluster): string[] {
  const announced = new Set(vrrpNetworks(cluster).map(({ name }) => name));
  const servers = cluster.services.flatMap((service) => service.servers.map(({ address }) => address));
  const hasServers = (network: string) => {
    const targets = new NetworkTargets(cluster, network);
    return servers.some((address) => targets.has(address));
  };
  return cluster.networks.map(({ name }) => name).filter((name) => announced.has(name) || hasServers(name));
}
