import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { readOnly } from "../fault/read-only.js";

export const diskReadOnly: Drill = {
  name: "disk-read-only",
  summary: "the standby's disk takes nothing more, and somebody applies a change",
  why: "All nodes take a change or none: what one cannot write, the other takes back, before anything of it is served.",
  fault: readOnly("standby", "/etc/haproxy"),
  expect: () => telling(noMove, "apply", "is not kept"),
  watch: () => 2_000,
  deadline: 30_000,
  safe: false,
};
