import type { Drill } from "../drill.js";
import { noMove } from "../expectation.js";
import { starve } from "../fault/starve.js";

const seconds = 5;

export const cpuStarvation: Drill = {
  name: "cpu-starvation",
  summary: "two busy programs want the processor of the active node",
  why: "Real-time priority is keepalived's and conntrackd's, the kernel answers for the addresses, and a judgement of the agent's that comes late is left out.",
  fault: starve("active", { processes: 2, seconds }),
  expect: () => noMove,
  watch: () => seconds * 1_000 + 500,
  deadline: 20_000,
  safe: false,
};
