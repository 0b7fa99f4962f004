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
  expect: (cluster) =>
    telling(oneMove(cluster, detection(cluster) + allowance.takeover), "role", "lost power or every link"),
  watch: (cluster) => detection(cluster) + 1_000,
  deadline: 20_000,
  safe: false,
};
