import { raisedFaults } from "./faults.js";
import type { Judgement } from "./judgement.js";

/** One line for the log. */
export interface News {
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What a new judgement has to tell. */
export function newsOf(before: Judgement, after: Judgement): News[] {
  const { raised, cleared } = changedFaults(before, after) ?? { raised: [], cleared: [] };
  const { decision } = after;
  return [
    ...[...after.deadNetworks]
      .filter(([network]) => !before.deadNetworks.has(network))
      .map(([network, proof]) => say("network dead for this node alone", { network, proof })),
    ...[...before.deadNetworks.keys()]
      .filter((network) => !after.deadNetworks.has(network))
      .map((network) => say("network no longer dead", { network })),
    ...raised.map((fault) => say("fault raised", { fault })),
    ...cleared.map((fault) => say("fault cleared", { fault })),
    ...(decision.yield === before.decision.yield
      ? []
      : [say(decision.yield ? "yields the virtual IPs" : "no longer yields", { why: decision.why })]),
  ];
}

/** The faults that count now and did not before, and the other way round; null when they are the same. */
export function changedFaults(
  before: Judgement,
  after: Judgement,
): { readonly raised: readonly string[]; readonly cleared: readonly string[] } | null {
  const [old, now] = [raisedFaults(before.ledger), raisedFaults(after.ledger)];
  const raised = now.filter((fault) => !old.includes(fault));
  const cleared = old.filter((fault) => !now.includes(fault));
  return raised.length + cleared.length === 0 ? null : { raised, cleared };
}

const say = (message: string, fields: News["fields"]): News => ({ message, fields });
