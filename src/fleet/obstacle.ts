import type { Survey, TransactionRecord } from "../deploy/transaction.js";

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

function describe({ node, phase, confirmBy, proposal }: TransactionRecord): string {
  const { author, message, coordinator, generation } = proposal;
  const whose = `${author}${message === "" ? "" : ` ("${message}")`}`;
  return phase === "trial"
    ? `generation ${generation.number} of ${whose} is on trial until ${confirmBy}: 'holdfast confirm' keeps it, 'holdfast rollback' ends it`
    : `a change of ${whose} is under way on ${node}, coordinated by ${coordinator}: try again when it has ended; 'holdfast history' says more`;
}
