import type { Proposal, TransactionRecord, Word } from "../deploy/transaction.js";
import type { Cluster } from "../topology/cluster.js";
import { machineNames } from "../topology/machines.js";

/**
 * Why a node may not begin anything here, although its certificate is good; null where it may. Nodes that were removed
 * may still look, so that they can settle what they took part in. Before its first topology a node knows nobody.
 */
export function strangerRefusal(asker: string, node: string, cluster: Cluster | null): string | null {
  const names = cluster === null ? [asker] : machineNames(cluster);
  if (names.includes(asker)) return null;
  return `${asker} is no node of the topology that runs on ${node}: ask the agent of ${names.join(" or ")}`;
}

/** Why this node does not take part in what `asker` proposes; null where it does. */
export function proposalRefusal(
  asker: string,
  node: string,
  { coordinator, participants }: Proposal,
): string | null {
  if (coordinator !== asker) return `${asker} may not propose a change that ${coordinator} coordinates`;
  return absence([asker, node], participants);
}

/** Why `asker` may not have a change go on here; null where it may, or where there is no such change to go on with. */
export function stepRefusal(asker: string, id: string, record: TransactionRecord | null): string | null {
  if (record?.proposal.id !== id || record.proposal.coordinator === asker) return null;
  return `${record.proposal.coordinator} coordinates this change, not ${asker}`;
}

/** Why words on a change are not heard; null where they are. Whoever takes part may pass on what others said. */
export function wordsRefusal(
  asker: string,
  { id, words }: { readonly id: string; readonly words: readonly Word[] },
  record: TransactionRecord | null,
): string | null {
  if (record?.proposal.id !== id) return null;
  return absence([asker, ...words.map(({ node }) => node)], record.proposal.participants);
}

function absence(nodes: readonly string[], participants: readonly string[]): string | null {
  const absent = nodes.find((node) => !participants.includes(node));
  return absent === undefined ? null : `${absent} takes no part in this change`;
}
