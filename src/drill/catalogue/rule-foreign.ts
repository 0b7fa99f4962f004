import { driftFoundWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { foreignRule } from "../fault/rule.js";

export const ruleForeign: Drill = {
  name: "rule-foreign",
  summary: "somebody appends a rule of their own to one of our chains on the active node",
  why: "It takes nothing away from what was applied, so that the node is as fit as before; it is told, since the next apply takes it away.",
  // RFC 5737: nobody is there.
  fault: foreignRule("active", { table: "filter", chain: "HOLDFAST-FORWARD" }, [
    ...["-s", "192.0.2.1/32", "-j", "DROP"],
  ]),
  expect: () => telling(noMove, "drift", "has 1 rule that nobody rendered"),
  watch: () => driftFoundWithin,
  deadline: 20_000,
  safe: false,
};
