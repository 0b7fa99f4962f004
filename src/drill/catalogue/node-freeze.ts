import type { Cluster } from "../../topology/cluster.js";
import { nodeNamed } from "../../topology/select.js";
import { detection } from "../../topology/timing.js";
import { allowance } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { freeze } from "../fault/freeze.js";

/** Long after the standby took over. */
const lasts = (cluster: Cluster): number => detection(cluster) + 2_000;

export const nodeFreeze: Drill = {
  name: "node-freeze",
  summary: "every process of the active node stands still, and goes on later",
  why: "It is silent and keeps its addresses, and its kernel goes on answering for them. As it goes on it believes to be the owner still, and says so: where it is the preferred one the other gives way to it at its first advert, and else it gives way at the other's, which comes within an interval.",
  fault: freeze("active", lasts),
  expect(cluster, { active, standby }) {
    const takesBack = nodeNamed(cluster, active).priority > nodeNamed(cluster, standby).priority;
    const moved = oneMove(cluster, detection(cluster) + allowance.takeover);
    const expected = {
      ...moved,
      // One that gives way may have said first that it is the owner.
      ownerChanges: takesBack ? 2 : { least: 1, most: 2 },
      twoOwnersAtMost: cluster.failover.advertInterval + allowance.takeover,
      // A session that came to the other node ends as the virtual IPs go back; what it asks just then is lost, and repeated.
      sessionsBackWithin: moved.sessionsBackWithin + (takesBack ? lasts(cluster) + allowance.lostRequest : 0),
    };
    return telling(expected, "peer", `${active} is not heard any more`);
  },
  watch: (cluster) => lasts(cluster) + 3_000,
  deadline: 30_000,
  safe: false,
};
