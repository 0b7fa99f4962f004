import type { MaintenanceNotes, TransactionDocument } from "../../api/documents.js";
import { isFinal } from "../../deploy/decide-votes.js";
import type { TransactionRecord } from "../../deploy/transaction.js";
import type { AgentReport } from "../../fleet/node-report.js";
import type { MirrorReport } from "../../mirror/report.js";
import { linkName, type PeerLink } from "../beats/peer-links.js";
import type { TableFill } from "../conntrack-table/table-fill.js";
import type { TwoOwnersState } from "../wire/two-owners-watch.js";

/** All from which an agent's own part of its node's report is made. */
export interface Known {
  readonly node: string;
  readonly program: string;
  /** When its certificate ends. */
  readonly certificate: Date | null;
  readonly record: TransactionRecord | null;
  /** The record's final word has not been carried out yet. */
  readonly ending: boolean;
  readonly unsettled: string | null;
  readonly maintenance: MaintenanceNotes;
  readonly owners: readonly TwoOwnersState[];
  readonly unreached: readonly string[];
  readonly unheard: readonly PeerLink[];
  readonly silentWitnesses: readonly string[];
  readonly sync: AgentReport["sync"];
  readonly table: TableFill | null;
  readonly mirrors: readonly MirrorReport[];
  readonly lastTakeover: AgentReport["lastTakeover"];
}

export const agentReport = (known: Known): AgentReport => ({
  program: known.program,
  certificateExpires: known.certificate?.toISOString() ?? null,
  transaction: transactionOf(known.record, known.ending),
  unsettled: known.unsettled,
  maintenance: maintenanceOf(known.node, known.maintenance),
  twoOwners: rivalsOf(known.owners),
  unreached: known.unreached,
  unheard: known.unheard.map(linkName),
  silentWitnesses: known.silentWitnesses,
  ...(known.sync === undefined ? {} : { sync: known.sync }),
  table: known.table,
  mirrors: known.mirrors,
  lastTakeover: known.lastTakeover,
});

/** One sentence a peer; the evidence stands in the event. */
function rivalsOf(owners: readonly TwoOwnersState[]): string[] {
  const peers = [...new Set(owners.map(({ peer }) => peer))];
  return peers.map((peer) => {
    const all = owners.filter((each) => each.peer === peer);
    const since = all.map((each) => each.since).sort()[0] ?? "";
    const networks = all.map(({ network }) => network).join(" and ");
    return `${peer} acts as owner of ${networks} too, since ${since.slice(11, 23)} UTC`;
  });
}

/** What these notes say of a node: "since TIME by NAME"; null when it is in service. */
export function maintenanceOf(node: string, notes: MaintenanceNotes): string | null {
  const note = notes[node];
  return note?.on ? `since ${note.since.slice(0, 16).replace("T", " ")} by ${note.by}` : null;
}

/**
 * A change that has not ended for the node; null once it has.
 *
 * @param ending a final word has not been carried out yet
 */
export function transactionOf(record: TransactionRecord | null, ending: boolean): TransactionDocument | null {
  if (record === null || (isFinal(record.phase) && !ending)) return null;
  const { proposal, phase, confirmBy } = record;
  const { id, coordinator, generation, author, message } = proposal;
  // Whoever has voted does not go back at that time any more.
  const confirm_by = phase === "trial" ? confirmBy : null;
  return { id, coordinator, generation, phase, confirm_by, author, message };
}
