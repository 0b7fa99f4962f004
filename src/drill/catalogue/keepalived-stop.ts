import { handover } from "../../topology/timing.js";
import { allowance } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { signal } from "../fault/signal.js";

export const keepalivedStop: Drill = {
  name: "keepalived-stop",
  summary: "keepalived is ended in order on the active node, as by an operator's hand",
  why: "It takes its addresses away and says goodbye: only the skew is waited.",
  fault: signal("active", "keepalived", "SIGTERM"),
  expect: (cluster) =>
    telling(oneMove(cluster, handover(cluster) + allowance.takeover), "fault", "keepalived-gone raised"),
  watch: () => 1_500,
  deadline: 20_000,
  safe: false,
};
