import type { Cluster } from "../../topology/cluster.js";
import type { Blow } from "./blow.js";
import { networkBlows } from "./network-blows.js";
import { nodeBlows } from "./node-blows.js";
import { serverBlows } from "./server-blows.js";
import { sharedBlows } from "./shared-blows.js";

/**
 * Everything that may be struck in a random course, each machine with each fault, for the price that the drill of it has. A
 * planned move is none, for it asks for a calm cluster; and what a disk does to an apply is asked alone, for all nodes have to be
 * there. So are a certificate's end, an emptied connection table, ports that are used up, a flood, and a node that only a witness can judge.
 */
export const blowsFor = (cluster: Cluster): Blow[] => [
  ...cluster.nodes.flatMap((node) => [...nodeBlows(cluster, node), ...networkBlows(cluster, node)]),
  ...serverBlows(cluster),
  ...sharedBlows(cluster),
];
