import { detection } from "../../topology/timing.js";
import { allowance } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { link } from "../fault/link.js";

export const linkDown: Drill = {
  name: "link-down",
  summary: "the active node's link towards the switches goes down",
  why: "The goodbye goes out on the other networks, but a sync group moves only when its last network has timed out.",
  fault: link("active"),
  expect: (cluster, { network }) =>
    telling(oneMove(cluster, detection(cluster) + allowance.takeover), "role", `link to ${network} is down`),
  watch: (cluster) => detection(cluster) + 1_000,
  deadline: 20_000,
  safe: false,
};
