import { handover } from "../../topology/timing.js";
import { allowance } from "../allowance.js";
import type { SafeDrill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { plannedMove } from "../fault/move.js";

export const switchover: SafeDrill = {
  name: "switchover",
  summary: "a planned move to the standby",
  why: "The active node steps back, and the standby waits for nothing but its skew.",
  fault: plannedMove,
  expect: (cluster) =>
    telling(oneMove(cluster, handover(cluster) + allowance.takeover), "role", "switchover"),
  watch: () => 1_000,
  deadline: 20_000,
  safe: true,
};
