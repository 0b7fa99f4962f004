import { detection } from "../../topology/timing.js";
import { allowance, deadPathFoundWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling, throughLoss } from "../expectation.js";
import { mute } from "../fault/one-way.js";

export const oneWayLoss: Drill = {
  name: "one-way-loss",
  summary: "the switches' network hears nothing of the active node, which hears all of it",
  why: "No witness hears the question, so none answers: to the agent it is a dead path like any other.",
  fault: mute("active"),
  expect: (cluster, { network }) =>
    telling(
      throughLoss(oneMove(cluster, Math.max(deadPathFoundWithin, detection(cluster) + allowance.takeover))),
      "fault",
      `network-dead:${network} raised`,
    ),
  watch: (cluster) => Math.max(deadPathFoundWithin, detection(cluster)) + 1_000,
  deadline: 20_000,
  safe: false,
};
