import { isFinal } from "./decide-votes.js";
import type { Phase, Proposal, Word } from "./transaction.js";

/** What the coordinator has done or asked for next. Nodes of one action are asked at once. */
export type Action =
  | { readonly kind: "prepare"; readonly nodes: readonly string[] }
  | { readonly kind: "commit"; readonly nodes: readonly string[] }
  | { readonly kind: "gate"; readonly nodes: readonly string[]; readonly last: boolean }
  | { readonly kind: "trial"; readonly nodes: readonly string[] }
  /** Its own participant votes; the answer is its word. */
  | { readonly kind: "decide"; readonly decision: "keep" | "abort" }
  /** These nodes, or its own participant, hear the words; each answer is a word, or a failure. */
  | { readonly kind: "hear"; readonly nodes: readonly string[]; readonly words: readonly Word[] }
  | { readonly kind: "end"; readonly outcome: "kept" | "trial" | "undone" | "unsettled" };

/** What became of an action on one node. A timeout and a lost connection are failures: nobody knows what was done. */
export type Input =
  | { readonly kind: "done"; readonly node: string }
  /** Answers `decide` and `hear`; null: the node has no record of this change. */
  | { readonly kind: "said"; readonly node: string; readonly phase: Phase | null }
  | { readonly kind: "failed"; readonly node: string; readonly why: string }
  /** The program is asked to stop. Before the vote it ends the change, later it changes nothing. */
  | { readonly kind: "interrupted" };

export type Stage = "prepare" | "commit" | "gate" | "last-gate" | "trial" | "settle" | "ended";

export interface Failure {
  readonly stage: Stage;
  readonly node: string;
  readonly why: string;
}

/** A coordinator's memory; lost with its process, and never needed again. */
export interface Coordination {
  readonly proposal: Proposal;
  /** In which the nodes are committed: the active one last. */
  readonly order: readonly string[];
  readonly stage: Stage;
  /** Nodes whose answer is awaited. */
  readonly waiting: readonly string[];
  readonly committed: number;
  readonly failures: readonly Failure[];
  readonly interrupted: boolean;
  /** Newest word of each node, once votes are cast. */
  readonly words: readonly Word[];
  /** The final word that everybody was told, if it is so far. */
  readonly told: Phase | null;
}

export interface Next {
  readonly state: Coordination;
  readonly actions: readonly Action[];
}
