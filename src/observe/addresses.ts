import type { Host } from "../host/host.js";
import type { Cluster } from "../topology/cluster.js";

interface Link {
  readonly addr_info?: readonly { readonly local?: string }[];
}

/** Every address in the answer of `ip -json address show`. */
export function parseAddresses(json: string): string[] {
  const links: readonly Link[] = JSON.parse(json);
  return links.flatMap(({ addr_info = [] }) => addr_info.flatMap(({ local }) => local ?? []));
}

/** The cluster's virtual addresses that stand on the node's interfaces, in the topology's order. */
export async function observeOwned(host: Host, cluster: Cluster): Promise<string[]> {
  const { stdout } = await host.run(["ip", "-json", "address", "show"]);
  const present = new Set(parseAddresses(stdout));
  return virtualAddresses(cluster).filter((address) => present.has(address));
}

export const virtualAddresses = (cluster: Cluster): string[] =>
  cluster.virtualIps.flatMap((virtualIp) => virtualIp.addresses.map(({ address }) => address));
