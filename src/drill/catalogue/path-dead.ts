import { deadPathFoundWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove } from "../expectation.js";

/** The sync group still hears the other networks, so VRRP alone would never move. */
export const pathDead: Drill = {
  name: "path-dead",
  summary: "nothing passes between the active node and the switches, yet the carrier is up",
  fault: { kind: "path", on: "active", network: "of-first-service" },
  expect: () => oneMove(deadPathFoundWithin),
  watch: () => deadPathFoundWithin + 1_000,
  deadline: 20_000,
  safe: false,
};
