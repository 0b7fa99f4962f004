import type { HistoryEntry } from "../../api/documents.js";
import { isFinal } from "../../deploy/decide-votes.js";
import { isSame } from "../../deploy/generation.js";
import { readGeneration, readHistory, readTopology, type Trial } from "../../deploy/history.js";
import type { TransactionRecord } from "../../deploy/transaction.js";
import type { KeptGeneration } from "../../fleet/member.js";
import type { Host } from "../../host/host.js";

/** The trial that a record tells of. */
export const trialOf = (record: TransactionRecord | null): Trial | null =>
  record?.phase === "trial" && record.confirmBy !== null
    ? { number: record.proposal.generation.number, confirmBy: record.confirmBy }
    : null;

/** A generation's topology as it was written; null where there is none, or none was kept. */
export async function topologyOf(host: Host, number: number): Promise<string | null> {
  return (await readGeneration(host, number))?.topology ?? null;
}

/** A node that has still to go back runs what nobody keeps. */
const isOpen = ({ phase }: TransactionRecord, ending: boolean): boolean =>
  !isFinal(phase) || (phase === "aborted" && ending);

/**
 * The newest generation that this node keeps: while a change is under way, the one that it would go back to.
 *
 * @param ending the record's final word has not been carried out yet
 */
export async function keptGeneration(
  host: Host,
  record: TransactionRecord | null,
  ending: boolean,
): Promise<KeptGeneration | null> {
  const { entries } = await readHistory(host);
  const current = entries.find((entry) => entry.current);
  if (current === undefined) return null;
  const open = record !== null && isOpen(record, ending) && isSame(record.proposal.generation, current);
  const before = ({ number, current: runs }: HistoryEntry) => !runs && number <= current.number;
  const entry = open ? entries.find(before) : current;
  if (entry === undefined) return null;
  const topology = await readTopology(host, entry);
  return topology === null ? null : { entry, topology };
}
