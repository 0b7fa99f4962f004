import { detection } from "../../topology/timing.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { power } from "../fault/power.js";

export const standbyPowerLoss: Drill = {
  name: "standby-power-loss",
  summary: "the standby loses power: nobody may notice",
  why: "The active node does not depend on it; what it kept of sessions it gets again as it returns.",
  fault: power("standby"),
  expect: (_, { standby }) => telling(noMove, "peer", `${standby} is not heard any more`),
  watch: (cluster) => detection(cluster) + 1_500,
  deadline: 20_000,
  safe: false,
};
