import type { Cluster, Node } from "../topology/cluster.js";

/** What the node's agent knows of itself and its cluster. Holds no secret. */
export interface NodeDocument {
  readonly schema: "holdfast/node/v1";
  readonly node: string;
  readonly cluster: Cluster;
}

export function nodeJson(cluster: Cluster, node: Node): string {
  const document: NodeDocument = { schema: "holdfast/node/v1", node: node.name, cluster };
  return `${JSON.stringify(document, null, 2)}\n`;
}
