import { detection } from "../../topology/timing.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { stranger } from "../fault/stranger.js";
import { aRouterOfIPv4 } from "../needs.js";

export const vridStranger: Drill = {
  name: "vrid-stranger",
  summary: "somebody among the switches uses the same virtual router number",
  why: "Another pair of routers with the same number, by mistake. Adverts count from the other node's address alone, which the rules see to; agents see the rest on the wire, and tell.",
  needs: aRouterOfIPv4,
  fault: stranger(100),
  expect: (_, { network }) => telling(noMove, "two-owners", `both act as owner of ${network}`),
  watch: (cluster) => detection(cluster) + 4_000,
  deadline: 20_000,
  safe: false,
};
