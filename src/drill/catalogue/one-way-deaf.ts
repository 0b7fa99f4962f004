import { detection } from "../../topology/timing.js";
import { allowance, deadPathFoundWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling, throughLoss } from "../expectation.js";
import { deaf } from "../fault/one-way.js";

export const oneWayDeaf: Drill = {
  name: "one-way-deaf",
  summary: "the active node hears nothing of the switches' network, which hears all of it",
  why: "Its adverts arrive, so VRRP would never move: the agent hears no witness, and its peer does.",
  fault: deaf("active"),
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
