import { detection } from "../../topology/timing.js";
import type { Drill } from "../drill.js";
import { noMove } from "../expectation.js";

export const standbyPowerLoss: Drill = {
  name: "standby-power-loss",
  summary: "the standby loses power: nobody may notice",
  fault: { kind: "power", on: "standby" },
  expect: () => noMove,
  watch: (cluster) => detection(cluster) + 1_500,
  deadline: 20_000,
  safe: false,
};
