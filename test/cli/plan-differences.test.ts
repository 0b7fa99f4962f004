import { expect, test } from "vitest";
import { planDifferences } from "../../src/cli/plan-differences.js";
import type { KeptPlan } from "../../src/cli/plan-file.js";

const at = (number: number, digest = `digest${number}`) => ({ number, digest });
const cfg = { path: "/etc/haproxy/haproxy.cfg", kind: "update", diff: "+ c4" };
const node = (name: string, more: Partial<KeptPlan["nodes"][number]> = {}) => ({
  ...{ name, from: at(13), changes: [cfg], drift: [] },
  ...more,
});
const plan = (...nodes: KeptPlan["nodes"]): KeptPlan => ({ digest: "d", generation: at(14), nodes });
const kept = plan(node("lb-a"), node("lb-b"));

test("a plan that is not carried out any more says which node runs what since", () => {
  const moved = plan(node("lb-a", { from: at(15) }), node("lb-b", { from: null }));
  expect(planDifferences(kept, moved, new Map([[15, "anna"]]))).toEqual([
    "lb-a runs generation 15 (digest) of anna instead of generation 13 (digest)",
    "lb-b runs nothing instead of generation 13 (digest)",
  ]);
});

test("it says whose file was edited, what else differs there, and who takes part", () => {
  const edited = node("lb-b", { changes: [{ ...cfg, diff: "- by hand" }], drift: ["haproxy does not run"] });
  expect(planDifferences(kept, plan(edited, node("lb-c")))).toEqual([
    "lb-a takes no part any more",
    "lb-b: /etc/haproxy/haproxy.cfg was edited",
    "lb-b: haproxy does not run",
    "lb-c takes part now",
  ]);
});

test("it says that the topology is another one, and nothing of what follows from that", () => {
  const other = { ...plan(node("lb-a", { changes: [] }), node("lb-b")), generation: at(14, "other") };
  expect(planDifferences(kept, other)).toEqual(["the topology file, or this program, is another one"]);
  expect(planDifferences(kept, kept)).toEqual([]);
});
