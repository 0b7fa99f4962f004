import type { FileEngine } from "../render/file.js";
import type { Generation } from "./generation.js";
import type { NodePlan } from "./plan.js";
import type { Proposal, Survey, TransactionRecord, Word } from "./transaction.js";

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
  /**
   * Resolves once the node is as fit as it was before. The last gate also asks through the virtual IPs it holds, and
   * then writes `ready`.
   */
  gate(id: string, last: boolean): Promise<{ readonly endpoints: readonly string[] }>;
  /** Writes `trial`: from now, by its own clock, the node has the proposal's timeout until it goes back. */
  trial(id: string): Promise<TransactionRecord>;
  /**
   * Hears what others say of this change (the teller's own word among them), acts on it by the table of decision 9,
   * and says what it now has on disk: of this change, or of another, or nothing.
   */
  hear(id: string, words: readonly Word[]): Promise<TransactionRecord | null>;
  record(): Promise<TransactionRecord | null>;
}

/** This node's own part, which can also be told what the coordinator or an operator wants. */
export interface OwnParticipant extends Participant {
  /**
   * Votes: `keep` writes `deciding`, `abort` writes `aborted` where nobody can have kept and else `withdrawn`. The vote
   * counts once a majority is heard (`hear`). A node that has already voted, or is final, only says so; null has no
   * record of this change.
   */
  decide(id: string, decision: "keep" | "abort"): Promise<TransactionRecord | null>;
}
