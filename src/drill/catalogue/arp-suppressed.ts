import { detection } from "../../topology/timing.js";
import { allowance, announcedAgainEvery } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { unannounced } from "../fault/unannounced.js";

const lasts = 4_000;

export const arpSuppressed: Drill = {
  name: "arp-suppressed",
  summary: "the active node loses power, and what the other one announces of the addresses is lost for 4 s",
  why: "The switches go on sending to a machine that is off, until they ask again by themselves or the new owner announces the addresses again, which it does every 10 s.",
  fault: unannounced,
  lasts,
  expect(cluster) {
    const moved = oneMove(cluster, detection(cluster) + allowance.takeover + announcedAgainEvery);
    // So long a silence ends what is less patient.
    return telling({ ...moved, sessionsLostAtMost: null }, "role", "lost power or every link");
  },
  // Who asks nothing meanwhile hears of the new owner as late as that.
  watch: () => announcedAgainEvery,
  deadline: 40_000,
  safe: false,
};
