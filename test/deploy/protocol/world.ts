import { type Row, type Settling, type Sight, settle, voteFor } from "../../../src/deploy/decide.js";
import type { Coordination } from "../../../src/deploy/decide-coordinator.js";
import type { Phase, Proposal, Word } from "../../../src/deploy/transaction.js";

/** One node of the model: what is on its disk, and what it has heard in a round of asking that is not complete. */
export interface ModelNode {
  readonly phase: Phase | "none";
  readonly trial: "none" | "runs" | "over";
  readonly seen: readonly Sight[];
}

export type Request = { readonly to: number; readonly late: boolean } & (
  | { readonly kind: "prepare" | "commit" | "gate" | "last-gate" | "trial" | "keep" | "abort" }
  | { readonly kind: "hear"; readonly words: readonly Word[] }
);

export interface Answer {
  readonly from: number;
  readonly is: "done" | "failed" | Phase | "none";
}

/** Everything there is: disks, memories, and what is on the wire. */
export interface World {
  readonly nodes: readonly ModelNode[];
  /** The coordinator's memory; null once its agent died or its work ended. */
  readonly driver: Coordination | null;
  readonly requests: readonly Request[];
  readonly answers: readonly Answer[];
  /** Pairs that cannot talk, as `lower * 8 + higher`. */
  readonly cuts: readonly number[];
  readonly faults: number;
  /** Operator's words that are left; and whether one of them was to keep. */
  readonly operator: number;
  readonly confirmed: boolean;
}

export const names = ["a", "b", "c", "d"] as const;
export const indexOf = (name: string): number => names.indexOf(name as "a");
export const nameOf = (index: number): string => names[index] ?? "";

export const proposalOf = (nodes: number, confirmTimeout: number | null): Proposal => ({
  id: "one",
  coordinator: "a",
  participants: names.slice(0, nodes),
  without: [],
  generation: { number: 2, digest: "d" },
  author: "anna",
  message: "",
  plans: null,
  confirmTimeout,
  patience: 1,
});

export const runsNew = ({ phase }: ModelNode): boolean =>
  phase !== "none" && phase !== "prepared" && phase !== "aborted";

export const isDone = ({ phase }: ModelNode): boolean =>
  phase === "none" || phase === "kept" || phase === "aborted";

/** The protocol under test: the real table, or a broken one. */
export interface Rules {
  readonly proposal: Proposal;
  readonly rows: readonly Row[];
}

/** The node after it acted on what it sees, repeated until nothing more follows. */
export function act(
  node: ModelNode,
  index: number,
  others: ReadonlyMap<string, Sight>,
  driving: boolean,
  { proposal, rows }: Rules,
  first?: "keep" | "abort",
): ModelNode {
  let { phase, trial } = node;
  for (let turn = 0; turn < 8 && phase !== "none"; turn++) {
    const situation = { node: nameOf(index), proposal, phase, trial, driving, others };
    const said: Settling =
      turn === 0 && first !== undefined ? voteFor(situation, first) : settle(situation, rows);
    const next = written[said];
    if (next === undefined) {
      if (turn === 0 && first !== undefined) continue;
      break;
    }
    if (phase === "kept" && next !== "kept") throw new Error(`${nameOf(index)} undoes what it kept`);
    if (said === "keep" && (phase === "aborted" || phase === "prepared"))
      throw new Error(`${nameOf(index)} keeps what it does not run`);
    const against = [...others.values()].some((sight) => sight === "aborted" || sight === "withdrawn");
    if (phase === "deciding" && next === "aborted" && !against)
      throw new Error(`${nameOf(index)} takes back its vote alone`);
    phase = next;
    if (next === "trial") trial = "runs";
  }
  return { phase, trial, seen: [] };
}

const written: Partial<Readonly<Record<Settling, Phase>>> = {
  keep: "kept",
  "catch-up": "kept",
  "go-back": "aborted",
  vote: "deciding",
  withdraw: "withdrawn",
  trial: "trial",
};

/** What a request does at its node, and what the node answers. `refuses`: the work itself fails there. */
export function serve(
  node: ModelNode,
  request: Request,
  driving: boolean,
  rules: Rules,
  refuses: boolean,
): { node: ModelNode; answer: Answer } {
  const from = request.to;
  const answer = (next: ModelNode, is: Answer["is"]) => ({ node: next, answer: { from, is } });
  const failed = answer(node, "failed");
  const at = (phase: Phase, trial = node.trial) => answer({ phase, trial, seen: [] }, "done");
  switch (request.kind) {
    case "prepare":
      return node.phase === "none" && !refuses ? at("prepared") : failed;
    case "commit":
      if (node.phase !== "prepared") return failed;
      return refuses ? answer({ ...node, phase: "aborted", seen: [] }, "failed") : at("committed");
    case "gate":
      return node.phase === "committed" && !refuses ? answer(node, "done") : failed;
    case "last-gate":
      return node.phase === "committed" && !refuses ? at("ready") : failed;
    case "trial":
      if (node.phase === "trial") return answer(node, "done");
      return node.phase === "ready" ? at("trial", "runs") : failed;
    case "keep":
    case "abort": {
      const next = act(node, from, new Map(), driving, rules, request.kind);
      return answer(next, next.phase);
    }
    default: {
      const others = new Map(
        request.words.filter((word) => word.node !== nameOf(from)).map((word) => [word.node, word.phase]),
      );
      const next = act(node, from, others, driving, rules);
      return answer(next, next.phase);
    }
  }
}
