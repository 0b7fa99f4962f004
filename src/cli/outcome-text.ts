import { printableLine } from "../api/printable.js";
import type { Outcome } from "../api/progress.js";
import { absence } from "./plan-text.js";

/**
 * Tells how an apply or a rollback ended.
 *
 * @param wanted what the operator asked for: only ending a trial wants `undone`
 */
export function conclude(outcome: Outcome, wanted: "kept" | "undone" = "kept"): void {
  for (const sentence of outcome.trouble) process.stderr.write(`  ! ${printableLine(sentence)}\n`);
  const failed = outcome.outcome === "unsettled" || (outcome.outcome === "undone" && wanted !== "undone");
  if (failed) process.stderr.write(`holdfast: ${printableLine(failure(outcome))}\n`);
  else
    for (const line of [success(outcome), ...outcome.without.map(absence)])
      process.stdout.write(`${printableLine(line)}\n`);
}

function success({ outcome, generation, nodes, confirm_by }: Outcome): string {
  const label = generation === null ? "" : ` ${generation.number} (${generation.digest.slice(0, 6)})`;
  const state = `Generation${label} runs on ${nodes.join(" and ")}`;
  if (outcome === "unchanged") return `Nothing to do. ${state}.`;
  if (outcome !== "trial" || confirm_by === null) return `${state}.`;
  const seconds = Math.max(0, Math.round((Date.parse(confirm_by) - Date.now()) / 1000));
  return `${state}. Not confirmed: back in ${seconds} s unless you run 'holdfast confirm'.`;
}

function failure({ outcome, generation, nodes }: Outcome): string {
  if (outcome === "unsettled")
    return "the nodes have not settled yet: 'holdfast status' shows what each runs and why";
  return generation === null
    ? "nothing was applied on any node"
    : `${nodes.join(" and ")} run generation ${generation.number} as before`;
}
