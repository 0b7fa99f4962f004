import { detection } from "../../topology/timing.js";
import { allowance, deadPathFoundWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { path } from "../fault/path.js";

export const pathDead: Drill = {
  name: "path-dead",
  summary: "nothing passes between the active node and the switches, yet the carrier is up",
  why: "The sync group still hears the other networks, so VRRP alone would never move: agents find out whom they do not reach any more. The goodbye cannot pass on the dead network, where the standby waits as for a node without power.",
  fault: path("active"),
  expect: (cluster, { network }) =>
    telling(
      oneMove(cluster, Math.max(deadPathFoundWithin, detection(cluster) + allowance.takeover)),
      "fault",
      `network-dead:${network} raised`,
    ),
  watch: (cluster) => Math.max(deadPathFoundWithin, detection(cluster)) + 1_000,
  deadline: 20_000,
  safe: false,
};
