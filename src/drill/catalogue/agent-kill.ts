import { detection } from "../../topology/timing.js";
import type { Drill } from "../drill.js";
import { noMove } from "../expectation.js";

export const agentKill: Drill = {
  name: "agent-kill",
  summary: "holdfast's agent dies on the active node",
  why: "The engines go on by themselves: it comes back and finds them as they were.",
  fault: { kind: "signal", on: "active", daemon: "holdfast-agent", signal: "SIGKILL" },
  expect: () => noMove,
  watch: (cluster) => detection(cluster) + 4_000,
  deadline: 20_000,
  safe: false,
};
