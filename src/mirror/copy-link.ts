import { syncLinks } from "../render/sync-links.js";
import type { Cluster, Node } from "../topology/cluster.js";
import { copyPort } from "../topology/sync-links.js";

/** This node and the others on the network that carries connection state. */
export interface CopyLink {
  readonly family: 4 | 6;
  readonly own: string;
  readonly peers: readonly string[];
  /** UDP. */
  readonly port: number;
}

/** On the first of the networks that carry connection state; null where nothing is mirrored. */
export function copyLinkOf(cluster: Cluster, node: Node): CopyLink | null {
  const [link] = syncLinks(cluster, node);
  if (link === undefined || !cluster.services.some(({ mirror }) => mirror)) return null;
  const { family, own, peers } = link;
  return { family, own, peers, port: copyPort };
}
