import { detection } from "../../topology/timing.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { managementPath } from "../fault/management.js";
import { aNetworkBeside } from "../needs.js";

export const managementCut: Drill = {
  name: "management-cut",
  summary:
    "the active node is cut off from the networks without virtual IPs, where agents talk: nobody may notice",
  why: "Agents hear each other on every network that nodes share, and a network that serves no switch is no reason to move anything.",
  needs: aNetworkBeside,
  fault: managementPath("active"),
  expect: (_, { active }) => telling(noMove, "fault", `this node does not hear ${active} on`),
  watch: (cluster) => detection(cluster) + 4_000,
  deadline: 20_000,
  safe: false,
};
