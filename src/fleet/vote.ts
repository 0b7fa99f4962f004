import { begin, type Next } from "../deploy/decide-coordinator.js";
import type { Proposal } from "../deploy/transaction.js";

/** The last part of the commit protocol by itself: an operator asks `node`, whoever coordinated, to keep or to go back. */
export function vote(proposal: Proposal, node: string, decision: "keep" | "abort"): Next {
  const { state } = begin({ ...proposal, coordinator: node }, []);
  return { state: { ...state, stage: "settle", waiting: [node] }, actions: [{ kind: "decide", decision }] };
}
