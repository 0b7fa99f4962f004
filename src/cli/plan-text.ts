import { printableLine, printableText } from "../api/printable.js";
import { label } from "../deploy/generation.js";
import { noImpact } from "../deploy/impact.js";
import { describeStep } from "../deploy/steps.js";
import type { PlanDocument } from "../fleet/plan-document.js";
import { paths } from "../render/paths.js";

/** Paints a line; the identity where there is no colour. */
export type Paint = (style: "bold" | "red" | "green" | "cyan", text: string) => string;

type NodeDocument = PlanDocument["nodes"][number];

/** A plan for people: what changes on each node, and what it means. What two nodes share is said once. */
export function planText(plan: PlanDocument, paint: Paint): string {
  const said = new Map<string, string>();
  const nodes = plan.nodes.map((node) => nodeText(node, said, paint));
  return `${[...nodes, ...plan.without.map((node) => printableLine(absence(node))), impactText(plan)].join("\n")}\n`;
}

/** What becomes of a node that takes no part. */
export const absence = ({ node, why }: PlanDocument["without"][number]): string =>
  why === "in maintenance"
    ? `without ${node} (in maintenance): it catches up after 'holdfast maintenance off ${node}'`
    : `without ${node} (left out): it catches up by itself as soon as it hears of this, at once where it runs`;

function nodeText(node: NodeDocument, said: Map<string, string>, paint: Paint): string {
  const from = node.from === null ? "nothing" : label(node.from);
  const move =
    node.from !== null && label(node.from) === label(node.to) ? from : `${from} -> ${label(node.to)}`;
  const head = `${paint("bold", printableLine(node.name))}   generation ${printableLine(move)}`;
  if (node.isEmpty) return `${head}   no change`;
  return [
    head,
    ...node.drift.map((sentence) => `  ! ${printableLine(sentence)}`),
    ...node.details.map((detail) => `  ~ ${printableLine(detail)}`),
    ...node.changes.map((change) => changeText(node.name, change, said, paint)),
    ...node.steps.map((step) => `  > ${printableLine(describeStep(step))}`),
  ].join("\n");
}

function changeText(
  node: string,
  { path, kind, diff }: NodeDocument["changes"][number],
  said: Map<string, string>,
  paint: Paint,
): string {
  const line = `  ${{ create: "+", update: "~", remove: "-" }[kind]} ${printableLine(path)}`;
  // The agent's copy of the topology says in JSON what the other files say in their engines' words.
  if (path === paths.nodeJson) return `${line}   the topology as the agent reads it`;
  const elsewhere = said.get(diff);
  if (elsewhere !== undefined) return `${line}   the same as on ${elsewhere}`;
  said.set(diff, node);
  return `${line}\n${paintDiff(printableText(diff), paint)}`;
}

function impactText({ nodes, isEmpty }: PlanDocument): string {
  if (isEmpty) return "Nothing to do.";
  const all = nodes
    .filter((node) => !node.isEmpty)
    .map(({ name, impact }) => ({ name, said: impact.join(" ") }));
  // A standby has no session to lose; what the active one says is worth more.
  const worth = all.filter(({ said }) => said !== noImpact);
  const [first = { said: noImpact }, ...others] = worth;
  if (others.every(({ said }) => said === first.said)) return printableLine(`Impact: ${first.said}`);
  return worth.map(({ name, said }) => printableLine(`Impact on ${name}: ${said}`)).join("\n");
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
