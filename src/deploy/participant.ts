import type { FileEngine } from "../render/file.js";
import type { Generation } from "./generation.js";
import type { NodePlan } from "./plan.js";
import type { Proposal, Survey, TransactionRecord } from "./transaction.js";

/** One node's part in a change of all (decision 9): this node's own, or a peer's through its agent. */
export interface Participant {
  readonly node: string;
  survey(): Promise<Survey>;
  /** What the topology would change here. Changes nothing. */
  plan(topology: string, generation: Generation): Promise<NodePlan>;
  /** Stages and checks, then writes `prepared`. Rejects with a RefusedError, or when another change is under way. */
  prepare(proposal: Proposal, topology: string): Promise<{ readonly checked: readonly FileEngine[] }>;
  /** Puts the generation in place, then writes `committed`. Rejects after having put everything back. */
  commit(id: string): Promise<{ readonly changes: number }>;
  /** Resolves once the node is as fit as it was before; for the last gate also through the virtual IPs it holds. */
  gate(id: string, last: boolean): Promise<{ readonly endpoints: readonly string[] }>;
  /** Everything runs; it goes back at `confirmBy` (ISO 8601) unless it is kept. */
  trial(id: string, confirmBy: string): Promise<TransactionRecord>;
  /** Keeps or goes back, and says what it now is: a node that has decided otherwise already says that. */
  decide(id: string, decision: "keep" | "abort"): Promise<TransactionRecord>;
  record(): Promise<TransactionRecord | null>;
}
