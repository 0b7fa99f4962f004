import { detection } from "../../topology/timing.js";
import { allowance, secondOwnerYieldsWithin, soleOwnerAnnouncedWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { noAdverts } from "../fault/vrrp.js";

export const vrrpCut: Drill = {
  name: "vrrp-cut",
  summary: "adverts reach nobody any more, while agents still hear each other",
  why: "The standby takes over, as VRRP has to. Agents hear that both are the owner: the less preferred one yields until it hears adverts again, and the other one announces the addresses.",
  fault: noAdverts,
  lasts: 6_000,
  expect(cluster) {
    const outage = Math.max(detection(cluster) + allowance.takeover, soleOwnerAnnouncedWithin);
    const moved = oneMove(cluster, outage);
    const expected = {
      ...moved,
      // There and back, where the preferred node was active.
      ownerChanges: { least: 1, most: 2 },
      twoOwnersAtMost: secondOwnerYieldsWithin,
      sessionsBackWithin: detection(cluster) + secondOwnerYieldsWithin + moved.sessionsBackWithin,
    };
    return telling(
      telling(expected, "two-owners", "both act as owner"),
      ...(["role", "its adverts no longer arrive"] as const),
    );
  },
  watch: (cluster) => detection(cluster) + 4_000,
  deadline: 25_000,
  safe: false,
};
