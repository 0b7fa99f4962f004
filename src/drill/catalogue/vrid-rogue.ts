import { detection } from "../../topology/timing.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { stranger } from "../fault/stranger.js";
import { aRouterOfIPv4 } from "../needs.js";

export const vridRogue: Drill = {
  name: "vrid-rogue",
  summary: "somebody among the switches says with the highest priority that the virtual router is his",
  why: "Whoever means harm would say so. Adverts count from the other node's address alone, which the rules see to; agents see the rest on the wire, and tell.",
  needs: aRouterOfIPv4,
  fault: stranger(255),
  expect: (_, { network }) => telling(noMove, "two-owners", `both act as owner of ${network}`),
  watch: (cluster) => detection(cluster) + 4_000,
  deadline: 20_000,
  safe: false,
};
