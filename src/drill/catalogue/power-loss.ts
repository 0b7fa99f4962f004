import { detection } from "../../topology/timing.js";
import { allowance } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { power } from "../fault/power.js";

export const powerLoss: Drill = {
  name: "power-loss",
  summary: "the active node loses power: no goodbye on the wire",
  why: "Nothing says goodbye: the standby waits for three adverts in vain, and for its skew (RFC 9568, 6.4.2).",
  fault: power("active"),
  expect(cluster) {
    const moved = oneMove(cluster, detection(cluster) + allowance.takeover);
    const told = telling(moved, "role", "lost power or every link");
    // What is idle does not notice that its HAProxy is gone.
    return cluster.services[0]?.mode === "proxy"
      ? telling(told, "release", "of the node before were released")
      : told;
  },
  watch: (cluster) => detection(cluster) + 1_000,
  deadline: 20_000,
  safe: false,
};
