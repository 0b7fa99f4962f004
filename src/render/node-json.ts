import type { Cluster } from "../topology/cluster.js";

/** What a machine's agent knows of itself and its cluster. Holds no secret. */
export interface NodeDocument {
  readonly schema: "holdfast/node/v1";
  readonly node: string;
  readonly cluster: Cluster;
}

/** The file of a machine, by its name. */
export function nodeJson(cluster: Cluster, { name }: { readonly name: string }): string {
  const document = { schema: "holdfast/node/v1", node: name, cluster: asWritten(cluster) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** What such a file says. @throws when it is none of this schema */
export function parseNodeJson(text: string): NodeDocument {
  const document: Partial<NodeDocument> | null = JSON.parse(text);
  const { schema, node, cluster } = document ?? {};
  if (schema !== "holdfast/node/v1" || node === undefined || cluster === undefined)
    throw new Error("is not of schema holdfast/node/v1");
  // One of before there were VPN servers, or without any, says nothing of them.
  return { schema, node, cluster: { ...cluster, vpn: cluster.vpn ?? null } };
}

/** The key `vpn` is left out where there is no such network: what stands on load balancers, and what they say of it, stays as it was. */
export function asWritten(cluster: Cluster): Partial<Cluster> {
  const { vpn, ...rest } = cluster;
  return vpn === null ? rest : cluster;
}
