import type { Cluster, Family } from "../topology/cluster.js";
import { type Chain, prefix } from "./chains.js";

/**
 * A server that sees the client's own address answers to that address. Replies that belong to a socket of this node
 * are marked, and a rule sends what is marked to the node itself (kernel documentation, networking/tproxy).
 * Above the marks of the buckets.
 */
export const transparentMark = "0x48470000";

/** The families in which some server sees its clients' own addresses. */
const transparentFamilies = (cluster: Cluster): Family[] =>
  ([4, 6] as const).filter((family) =>
    cluster.services.some(
      ({ mode, transparent, servers }) =>
        mode === "proxy" && transparent && servers.some((server) => server.family === family),
    ),
  );

/** Marks packets of transparent sockets as they come in. */
export const mangleChains = (cluster: Cluster, family: Family): Chain[] => [
  {
    name: `${prefix}PREROUTING`,
    rules: transparentFamilies(cluster).includes(family)
      ? [
          [
            ...["-p", "tcp", "-m", "socket", "--transparent"],
            ...["-j", "MARK", "--set-xmark", `${transparentMark}/0xffffffff`],
          ],
        ]
      : [],
  },
];
