import type { Progress } from "../api/progress.js";
import type { Action, Coordination, Input, Next } from "../deploy/decide-coordinator.js";
import type { TransactionRecord } from "../deploy/transaction.js";
import { type Assembly, askNode } from "./ask-node.js";

/** How a coordination ended, and the newest record that the coordinator's own node had of it. */
export interface Ended {
  readonly outcome: Extract<Action, { kind: "end" }>["outcome"];
  readonly state: Coordination;
  readonly record: TransactionRecord | null;
}

/** Carries out what the commit protocol says next, until it says that the change has ended. Nothing here decides anything. */
export function carryOut(
  start: Next,
  step: (state: Coordination, input: Input) => Next,
  assembly: Assembly,
  say: (progress: Progress) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let { state } = start;
    let record: TransactionRecord | null = null;
    const carry = (action: Action) => {
      if (action.kind === "end") return resolve({ outcome: action.outcome, state, record });
      const nodes = action.kind === "decide" ? [assembly.own.node] : action.nodes;
      for (const node of nodes)
        askNode(action, node, assembly)
          .then((answered) => {
            if (node === assembly.own.node) record = answered.record ?? record;
            for (const progress of answered.progress) say(progress);
            const next = step(state, answered.input);
            state = next.state;
            next.actions.forEach(carry);
          })
          .catch(reject);
    };
    start.actions.forEach(carry);
  });
}
