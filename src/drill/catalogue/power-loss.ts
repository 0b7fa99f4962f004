import { detection } from "../../topology/timing.js";
import { allowance } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove } from "../expectation.js";

export const powerLoss: Drill = {
  name: "power-loss",
  summary: "the active node loses power: no goodbye on the wire",
  fault: { kind: "power", on: "active" },
  expect: (cluster) => oneMove(cluster, detection(cluster) + allowance.takeover),
  watch: (cluster) => detection(cluster) + 1_000,
  deadline: 20_000,
  safe: false,
};
