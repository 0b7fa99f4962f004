import { detection } from "../../topology/timing.js";
import { allowance } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { signal } from "../fault/signal.js";

export const keepalivedFreeze: Drill = {
  name: "keepalived-freeze",
  summary: "keepalived stands still on the active node",
  why: "It is silent and keeps its addresses, and would believe to be the owner still as it wakes up: the agent ends it.",
  fault: signal("active", "keepalived", "SIGSTOP"),
  expect: (cluster) =>
    telling(oneMove(cluster, detection(cluster) + allowance.takeover), "fault", "keepalived-gone raised"),
  watch: (cluster) => detection(cluster) + 1_500,
  deadline: 20_000,
  safe: false,
};
