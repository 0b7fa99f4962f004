import type { Cluster, Node } from "./cluster.js";

/** RFC 9568, 6.1: Skew_Time = ((256 - priority) * Active_Adver_Interval) / 256. Milliseconds. */
const skew = (cluster: Cluster, node: Node): number =>
  ((256 - node.priority) * cluster.failover.advertInterval) / 256;

/** The longest a standby waits after the last advert before it takes over (Active_Down_Interval). Milliseconds. */
export const detection = (cluster: Cluster): number =>
  cluster.failover.downAdverts * cluster.failover.advertInterval +
  Math.max(...cluster.nodes.slice(1).map((node) => skew(cluster, node)));

/** How long a standby waits after an advert of priority 0 (a planned move or an announced fault). Milliseconds. */
export const handover = (cluster: Cluster): number =>
  Math.max(...cluster.nodes.map((node) => skew(cluster, node)));

/**
 * The longest stall that makes no standby take over, in milliseconds. An advert that is S late comes interval + S behind
 * the one before it; a standby waits downAdverts x interval (RFC 9568, 6.1; its skew is left out).
 */
export const tolerated = (interval: number, downAdverts: number): number => (downAdverts - 1) * interval;
