import { detection } from "../../topology/timing.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { signal } from "../fault/signal.js";

export const conntrackdKill: Drill = {
  name: "conntrackd-kill",
  summary: "conntrackd dies on the active node",
  why: "Sessions are the kernel's: what is lost is their copy on the standby, until it runs again.",
  fault: signal("active", "conntrackd", "SIGKILL"),
  expect: () => telling(noMove, "sync", "conntrackd was started again"),
  watch: (cluster) => detection(cluster) + 1_500,
  deadline: 20_000,
  safe: false,
};
