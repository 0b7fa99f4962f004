import { handover } from "../../topology/timing.js";
import { allowance, missingRuleFoundWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { deletedRule } from "../fault/rule.js";

export const ruleDeleted: Drill = {
  name: "rule-deleted",
  summary: "somebody deletes one of our rules on the active node",
  why: "What was applied is no longer there, and nobody can say what else: the node leaves the virtual IPs to one that has all its rules, in an orderly move.",
  fault: deletedRule("active", { table: "filter", chain: "HOLDFAST-INPUT" }),
  expect(cluster) {
    const moved = oneMove(cluster, handover(cluster) + allowance.takeover);
    const within = { ...moved, sessionsBackWithin: moved.sessionsBackWithin + missingRuleFoundWithin };
    return telling(within, "fault", "rules-missing raised");
  },
  watch: () => missingRuleFoundWithin + 1_500,
  deadline: 20_000,
  safe: false,
};
