import { unplacedFoundWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { portsTaken } from "../fault/ports-taken.js";
import { translationOf } from "../translation.js";

/** Seconds. */
const connects = 4;

export const snatPortsExhausted: Drill = {
  name: "snat-ports-exhausted",
  summary: "no source port is left for what a server begins towards one machine",
  why: "A port is taken only towards one port of one machine: whatever else passes goes on, and so do those that have theirs. The kernel drops the beginning that finds none, and counts it; the agent reads that.",
  needs: (cluster) => translationOf(cluster) !== null,
  fault: portsTaken(connects),
  expect: () => telling(noMove, "table", "dropped the beginnings of"),
  // What comes without a pause is told once: the pause before the next drill is long enough to tell it from this one.
  watch: () => connects * 1_000 + unplacedFoundWithin + 2_000,
  deadline: 60_000,
  safe: false,
};
