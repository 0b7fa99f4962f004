import { detection } from "../../topology/timing.js";
import { allowance } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { ended } from "../fault/ended.js";

export const keepalivedDead: Drill = {
  name: "keepalived-dead",
  summary: "keepalived dies on the active node and does not come back",
  why: "It leaves its addresses behind, and no next one takes them off as it starts: the agent does, before the standby takes them.",
  fault: ended("active", "keepalived"),
  expect: (cluster) =>
    telling(oneMove(cluster, detection(cluster) + allowance.takeover), "fault", "keepalived-gone raised"),
  watch: (cluster) => detection(cluster) + 1_500,
  deadline: 20_000,
  safe: false,
};
