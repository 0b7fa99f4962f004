import { setImmediate as breathe } from "node:timers/promises";
import { unifiedDiff } from "../deploy/diff.js";
import type { NodePlan } from "../deploy/plan.js";
import type { FleetPlan } from "./plan.js";

/** A plan for programs; also what `plan --out` keeps and what an agent answers. */
export async function planDocument(plan: FleetPlan) {
  const nodes = [];
  for (const node of plan.nodes) nodes.push(await nodeDocument(node));
  const { cluster, generation, digest, isEmpty, without } = plan;
  return { cluster, generation, digest, isEmpty, nodes, without };
}

export type PlanDocument = Awaited<ReturnType<typeof planDocument>>;

async function nodeDocument({ node, from, to, changes, details, drift, steps, impact, isEmpty }: NodePlan) {
  const differences = [];
  for (const change of changes) {
    const { path, kind, engine } = change;
    differences.push({ path, kind, engine, diff: unifiedDiff(change) });
    // Large files take tens of milliseconds each: an agent looks at its engines in between.
    await breathe();
  }
  return { name: node, from, to, isEmpty, changes: differences, details, drift, steps, impact };
}
