import { detection } from "../../topology/timing.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { link } from "../fault/link.js";

export const standbyLinkDown: Drill = {
  name: "standby-link-down",
  summary: "the standby's link towards the switches goes down: nobody may notice",
  why: "It does not take over what it does not hear of: a node without its link is in FAULT.",
  fault: link("standby"),
  expect: (_, { network }) => telling(noMove, "fault", `interface-down:${network} raised`),
  watch: (cluster) => detection(cluster) + 1_500,
  deadline: 20_000,
  safe: false,
};
