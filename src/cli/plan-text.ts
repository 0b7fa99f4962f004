import { unifiedDiff } from "../deploy/diff.js";
import { label } from "../deploy/generation.js";
import type { NodePlan } from "../deploy/plan.js";
import { describeStep } from "../deploy/steps.js";
import type { FleetPlan } from "../fleet/plan.js";
import { paths } from "../render/paths.js";

/** Paints a line; the identity where there is no colour. */
export type Paint = (style: "bold" | "red" | "green" | "cyan", text: string) => string;

/** A plan for people: what changes on each node, and what it means. What two nodes share is said once. */
export function planText(plan: FleetPlan, paint: Paint): string {
  const said = new Map<string, string>();
  const nodes = plan.nodes.map((node) => nodeText(node, said, paint));
  return `${[...nodes, impactText(plan)].join("\n")}\n`;
}

function nodeText(node: NodePlan, said: Map<string, string>, paint: Paint): string {
  const from = node.from === null ? "nothing" : label(node.from);
  const move =
    node.from !== null && label(node.from) === label(node.to) ? from : `${from} -> ${label(node.to)}`;
  const head = `${paint("bold", node.node)}   generation ${move}`;
  if (node.isEmpty) return `${head}   no change`;
  const changes = node.changes.map((change) => {
    const mark = { create: "+", update: "~", remove: "-" }[change.kind];
    const line = `  ${mark} ${change.path}`;
    // The agent's copy of the topology says in JSON what the other files say in their engines' words.
    if (change.path === paths.nodeJson) return `${line}   the topology as the agent reads it`;
    const diff = unifiedDiff(change);
    const elsewhere = said.get(diff);
    if (elsewhere !== undefined) return `${line}   the same as on ${elsewhere}`;
    said.set(diff, node.node);
    return `${line}\n${paintDiff(diff, paint)}`;
  });
  const drift = node.drift.map((sentence) => `  ! ${sentence}`);
  const steps = node.steps.map((step) => `  > ${describeStep(step)}`);
  return [head, ...drift, ...changes, ...steps].join("\n");
}

function impactText({ nodes, isEmpty }: FleetPlan): string {
  if (isEmpty) return "Nothing to do.";
  const sentences = [...new Set(nodes.filter((node) => !node.isEmpty).flatMap((node) => node.impact))];
  return `Impact: ${sentences.join(" ")}`;
}

const paintDiff = (diff: string, paint: Paint): string =>
  diff
    .trimEnd()
    .split("\n")
    .map((line) => {
      if (line.startsWith("+++") || line.startsWith("---")) return paint("bold", line);
      if (line.startsWith("@@")) return paint("cyan", line);
      if (line.startsWith("+")) return paint("green", line);
      return line.startsWith("-") ? paint("red", line) : line;
    })
    .join("\n");
