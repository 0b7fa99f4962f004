import { detection } from "../../topology/timing.js";
import { allowance, unheardFoundWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { muteEverywhere } from "../fault/one-way.js";

export const oneWayLossEverywhere: Drill = {
  name: "one-way-loss-everywhere",
  summary: "no network with virtual IPs hears anything of the active node, which hears all of them",
  why: "The standby takes over as after a power loss. The former owner stays one where it is preferred, but nobody hears it; its agent finds out by what its peer says, and yields.",
  fault: muteEverywhere("active"),
  expect(cluster, { network }) {
    const moved = oneMove(cluster, detection(cluster) + allowance.takeover);
    const expected = { ...moved, twoOwnersAtMost: unheardFoundWithin };
    return telling(expected, "fault", `network-dead:${network} raised`);
  },
  watch: (cluster) => detection(cluster) + 2_000,
  deadline: 20_000,
  safe: false,
};
