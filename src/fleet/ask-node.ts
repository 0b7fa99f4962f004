import type { Progress } from "../api/progress.js";
import { RefusedError } from "../deploy/apply.js";
import type { Action, Input } from "../deploy/decide-coordinator.js";
import type { OwnParticipant, Participant } from "../deploy/participant.js";
import type { Proposal, TransactionRecord } from "../deploy/transaction.js";
import { messageOf } from "./refusal.js";
import { seconds, within } from "./time-limit.js";

export type Asked = Exclude<Action, { kind: "end" }>;

/** Those who take part in one change, as its coordinator asks them. */
export interface Assembly {
  readonly proposal: Proposal;
  readonly topology: string;
  readonly own: OwnParticipant;
  /** Everybody else, by name. */
  readonly peers: ReadonlyMap<string, Participant>;
  /** Milliseconds that a peer is given to hear a word, where somebody waits for the answer to all of it. */
  readonly hearWithin?: number;
}

/** What became of one action on one node: for the protocol, for those who follow, and the node's record where it said it. */
export interface Answered {
  readonly input: Input;
  readonly progress: readonly Progress[];
  readonly record?: TransactionRecord | null;
}

/** Milliseconds that one node is given. A node that goes back puts its engines back before it answers. */
const limits: Readonly<Record<Asked["kind"], number>> = {
  prepare: 20_000,
  commit: 30_000,
  gate: 20_000,
  trial: 5_000,
  decide: 30_000,
  hear: 30_000,
};

/** Asks one node for its part in an action. Never rejects: whatever is no answer in time is a failure to the protocol. */
export async function askNode(action: Asked, node: string, assembly: Assembly): Promise<Answered> {
  const isHeard = action.kind === "hear" && node !== assembly.own.node;
  const limit = (isHeard ? assembly.hearWithin : undefined) ?? limits[action.kind];
  const late = `${node}: no answer to '${action.kind}' within ${seconds(limit)}`;
  try {
    return await within(limit, answerOf(action, node, assembly), late);
  } catch (error) {
    const why = messageOf(error);
    return { input: { kind: "failed", node, why }, progress: complaint(action, node, error) };
  }
}

async function answerOf(action: Asked, node: string, assembly: Assembly): Promise<Answered> {
  const { proposal, topology, own } = assembly;
  const { id } = proposal;
  const participant = participantOf(node, assembly);
  const began = performance.now();
  const took = () => performance.now() - began;
  const done = (...progress: Progress[]): Answered => ({ input: { kind: "done", node }, progress });
  switch (action.kind) {
    case "prepare": {
      const { checked } = await participant.prepare(proposal, topology);
      return done({ kind: "prepared", node, took: took(), checked: [...checked] });
    }
    case "commit": {
      const { changes } = await participant.commit(id);
      return done({ kind: "committed", node, took: took(), changes });
    }
    case "gate": {
      const { endpoints } = await participant.gate(id, action.last);
      if (!action.last) return done({ kind: "healthy", node, took: took() });
      if (endpoints.length === 0) return done();
      return done({ kind: "answers", node, took: took(), endpoints: [...endpoints] });
    }
    case "trial":
      return { ...done(), record: await participant.trial(id) };
    case "decide":
      return said(node, id, await vote(own, id, action.decision));
    case "hear":
      return said(node, id, await participant.hear(id, action.words));
  }
}

/** Where its own node was never prepared there is nothing to go back from: that is as good as having gone back. */
async function vote(own: OwnParticipant, id: string, decision: "keep" | "abort") {
  const record = await own.decide(id, decision);
  return record === null && decision === "abort" ? "aborted" : record;
}

/** A record of another change, or none: the node has nothing to say of this one. */
function said(node: string, id: string, record: TransactionRecord | "aborted" | null): Answered {
  if (record === "aborted") return { input: { kind: "said", node, phase: record }, progress: [] };
  const phase = record?.proposal.id === id ? record.phase : null;
  return { input: { kind: "said", node, phase }, progress: [], record };
}

function participantOf(node: string, { own, peers }: Assembly): Participant {
  const participant = node === own.node ? own : peers.get(node);
  if (participant === undefined) throw new Error(`${node} takes no part in this change`);
  return participant;
}

function complaint(action: Asked, node: string, error: unknown): Progress[] {
  if (error instanceof RefusedError)
    return [{ kind: "refused", node, refusals: error.refusals.map((refusal) => ({ ...refusal })) }];
  const stage =
    action.kind === "prepare" || action.kind === "commit" || action.kind === "gate" ? action.kind : "keep";
  return [{ kind: "failed", stage, node, why: messageOf(error) }];
}
