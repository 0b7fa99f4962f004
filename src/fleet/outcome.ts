import type { Outcome } from "../api/progress.js";
import type { Generation } from "../deploy/generation.js";
import type { Proposal } from "../deploy/transaction.js";
import type { Ended } from "./carry-out.js";

/**
 * The last word on a change.
 *
 * @param before what the coordinator's node ran until then
 */
export function ended(
  outcome: Outcome["outcome"],
  { participants, generation }: Pick<Proposal, "participants" | "generation">,
  before: Generation | null,
  result: Ended | null = null,
): Outcome {
  return {
    kind: "ended",
    outcome,
    generation: outcome === "undone" ? before : generation,
    nodes: [...participants],
    without: [],
    confirm_by: outcome === "trial" ? (result?.record?.confirmBy ?? null) : null,
    trouble: result === null ? [] : troubleOf(result),
  };
}

/** Nodes that did not take part in the end: each settles by itself, or catches up. */
function troubleOf({ state }: Ended): string[] {
  const missing = state.failures.filter(({ stage }) => stage === "settle");
  return [
    ...new Set(
      missing.map(({ node, why }) => `${why}; ${node} settles from the others when it can talk again`),
    ),
  ];
}

/** The same for the events: one sentence. */
export function sentence(
  { author, message, generation }: Proposal,
  { outcome, confirm_by, nodes }: Outcome,
): string {
  const what = `generation ${generation.number} of ${author}${message === "" ? "" : ` (${message})`}`;
  const where = nodes.join(" and ");
  switch (outcome) {
    case "trial":
      return `${what} is on trial on ${where} until ${confirm_by}`;
    case "undone":
      return `${what} was not taken: no node runs it`;
    case "unsettled":
      return `${what} has not been settled yet on ${where}`;
    default:
      return `${what} runs on ${where}`;
  }
}
