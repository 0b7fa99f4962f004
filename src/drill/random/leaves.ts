import type { Cluster } from "../../topology/cluster.js";
import { handover } from "../../topology/timing.js";
import { allowance } from "../allowance.js";
import type { Expectation } from "../drill.js";
import { oneMove } from "../expectation.js";

/**
 * What is promised where an agent finds within so many milliseconds that its node is worse off than another: the virtual IPs
 * answer all the time, and leave it in order.
 */
export function leaves(cluster: Cluster, found: number): Expectation {
  const moved = oneMove(cluster, handover(cluster) + allowance.notice + allowance.takeover);
  return { ...moved, serviceOutageAtMost: moved.serviceOutageAtMost + found };
}
