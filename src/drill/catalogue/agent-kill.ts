import { detection } from "../../topology/timing.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { signal } from "../fault/signal.js";

export const agentKill: Drill = {
  name: "agent-kill",
  summary: "holdfast's agent dies on the active node",
  why: "The engines go on by themselves: it comes back and finds them as they were.",
  fault: signal("active", "holdfast-agent", "SIGKILL"),
  expect: () => telling(noMove, "agent", "the agent starts"),
  watch: (cluster) => detection(cluster) + 4_000,
  deadline: 20_000,
  safe: false,
};
