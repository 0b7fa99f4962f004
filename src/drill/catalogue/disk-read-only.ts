import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { readOnly, refusingChange } from "../fault/refusing.js";
import { aService } from "../needs.js";

export const diskReadOnly: Drill = {
  name: "disk-read-only",
  summary: "the standby's disk takes nothing more, and somebody applies a change",
  why: "All nodes take a change or none: what one cannot write, no other puts in place.",
  needs: aService,
  fault: refusingChange("standby", readOnly("/etc/haproxy")),
  expect: () => telling(telling(noMove, "apply", "is not kept"), "apply", "no node runs it"),
  watch: () => 2_000,
  deadline: 30_000,
  safe: false,
};
