import type { Cluster } from "../../topology/cluster.js";

/** Where the other nodes' agents serve the same page. */
export function elsewhere(cluster: Cluster, node: string): { readonly name: string; readonly url: string }[] {
  const { network, port } = cluster.agent;
  return cluster.nodes
    .filter(({ name }) => name !== node)
    .flatMap(({ name, interfaces }) => {
      const [address] = interfaces.find((each) => each.network === network)?.addresses ?? [];
      if (address === undefined) return [];
      const host = address.family === 6 ? `[${address.address}]` : address.address;
      return [{ name, url: `https://${host}:${port}/` }];
    });
}
