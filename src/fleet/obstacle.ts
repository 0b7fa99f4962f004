import type { Proposal, Survey, TransactionRecord } from "../deploy/transaction.js";

/** Why no change may begin while the nodes stand like this; null when one may. Pure. */
export function obstacle(surveys: readonly Survey[]): string | null {
  return differentVersions(surveys) ?? changeUnderWay(surveys);
}

export function differentVersions(surveys: readonly Survey[]): string | null {
  const versions = new Set(surveys.map(({ programVersion }) => programVersion));
  if (versions.size < 2) return null;
  const each = surveys.map(({ node, programVersion }) => `${node} runs ${programVersion}`).join(", ");
  return `the nodes run different versions of holdfast (${each}): install one version on all, then apply`;
}

export function changeUnderWay(surveys: readonly Survey[]): string | null {
  const record = surveys.flatMap(({ record }) => record ?? []).find(isUnderWay);
  return record === undefined ? null : describe(record);
}

/** Whether a node is in the middle of a change. */
export const isUnderWay = ({ phase }: TransactionRecord): boolean => phase !== "kept" && phase !== "aborted";

/** Whose change it is, and why: `anna ("add c4")`. */
export const whose = ({ author, message }: Pick<Proposal, "author" | "message">): string =>
  `${author}${message === "" ? "" : ` ("${message}")`}`;

/** A change that has not ended on a node, what it waits for, and what can be done. */
export function describe({ node, phase, confirmBy, proposal }: TransactionRecord): string {
  const { coordinator, generation, participants } = proposal;
  const what = `generation ${generation.number} of ${whose(proposal)}`;
  const peers = participants.filter((name) => name !== node);
  const others = peers.join(" or ");
  if (phase === "trial")
    return `${what} is on trial until ${confirmBy}: 'holdfast confirm' keeps it, 'holdfast rollback' ends it`;
  if (phase === "deciding" || phase === "withdrawn")
    return `${node} has voted ${phase === "deciding" ? "to keep" : "against"} ${what}, which cannot be taken back, and waits for the vote of ${others}: it ends by itself once that answers. Where it never will, 'holdfast ${phase === "deciding" ? "confirm" : "rollback"} ${peers.map((name) => `--without ${name}`).join(" ")}' ends it`;
  return `a change of ${whose(proposal)} is under way on ${node}, coordinated by ${coordinator}: try again when it has ended; 'holdfast history' says more`;
}
