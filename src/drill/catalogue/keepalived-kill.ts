import { detection } from "../../topology/timing.js";
import { allowance } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { signal } from "../fault/signal.js";

export const keepalivedKill: Drill = {
  name: "keepalived-kill",
  summary: "keepalived dies on the active node and leaves its addresses behind",
  why: "It leaves its addresses behind, which must not answer beside the new owner's.",
  fault: signal("active", "keepalived", "SIGKILL"),
  expect: (cluster) =>
    telling(oneMove(cluster, detection(cluster) + allowance.takeover), "fault", "keepalived-gone raised"),
  watch: (cluster) => detection(cluster) + 1_500,
  deadline: 20_000,
  safe: false,
};
