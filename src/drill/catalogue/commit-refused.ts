import { paths } from "../../render/paths.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { pinned, refusingChange } from "../fault/refusing.js";
import { aService } from "../needs.js";

export const commitRefused: Drill = {
  name: "commit-refused",
  summary: "the active node prepares a change and cannot put it in place, when the others have",
  why: "All nodes take a change or none: the active one comes last, and as it cannot, those that run the change by then go back.",
  needs: aService,
  fault: refusingChange("active", pinned(paths.haproxyCfg)),
  expect: () => telling(telling(noMove, "apply", "is not kept"), "apply", "no node runs it"),
  watch: () => 2_000,
  deadline: 30_000,
  safe: false,
};
