import type { Progress } from "../api/progress.js";
import { type Action, type Coordination, type Next, proceed } from "../deploy/decide-coordinator.js";
import type { TransactionRecord } from "../deploy/transaction.js";
import { type Answered, type Assembly, askNode } from "./ask-node.js";

/** How a coordination ended, and the newest record that the coordinator's own node had of it. */
export interface Ended {
  readonly outcome: Extract<Action, { kind: "end" }>["outcome"];
  readonly state: Coordination;
  readonly record: TransactionRecord | null;
}

/**
 * Carries out what the commit protocol says next, until it says that the change has ended. Nothing here decides
 * anything.
 *
 * @param inPlace nodes on which the generation runs already
 */
export function carryOut(
  start: Next,
  assembly: Assembly,
  say: (progress: Progress) => void,
  inPlace: readonly string[] = [],
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let { state } = start;
    let record: TransactionRecord | null = null;
    const committed = new Set(inPlace);
    const tell = ({ input, progress }: Answered) => {
      for (const one of progress) {
        if (one.kind === "committed") committed.add(one.node);
        say(one);
      }
      // Whoever says for the first time that it went back, and had something to put back.
      if (input.kind === "said" && input.phase === "aborted" && committed.delete(input.node))
        say({ kind: "restored", node: input.node });
    };
    const carry = (action: Action) => {
      if (action.kind === "end") return resolve({ outcome: action.outcome, state, record });
      const nodes = action.kind === "decide" ? [assembly.own.node] : action.nodes;
      for (const node of nodes)
        askNode(action, node, assembly)
          .then((answered) => {
            if (node === assembly.own.node) record = answered.record ?? record;
            tell(answered);
            const next = proceed(state, answered.input);
            state = next.state;
            next.actions.forEach(carry);
          })
          .catch(reject);
    };
    start.actions.forEach(carry);
  });
}
