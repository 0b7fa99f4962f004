import { elsewhere } from "../api/api-error.js";
import { isFinal } from "../deploy/decide-votes.js";
import type { Generation } from "../deploy/generation.js";
import type { Proposal, TransactionRecord, Word } from "../deploy/transaction.js";
import type { Assembly } from "./ask-node.js";
import { carryOut, type Ended } from "./carry-out.js";
import type { Begun, Changes } from "./changes.js";
import type { Member } from "./member.js";
import { describe, isUnderWay, whose } from "./obstacle.js";
import type { OfficeParts } from "./office-parts.js";
import { ended, sentence } from "./outcome.js";
import { messageOf, Refusal } from "./refusal.js";
import { within } from "./time-limit.js";
import { vote } from "./vote.js";

/** What an operator's confirmation came to. */
export interface Confirmed {
  readonly generation: Generation;
  /** Nodes that keep it. */
  readonly nodes: readonly string[];
  /** Those that did not say so: they settle from the others. */
  readonly silent: readonly string[];
}

/** Milliseconds: whoever confirms waits for the answer. What it comes to later, the nodes settle. */
const hearWithin = 3_000;

/** Ends the trial of a generation, one way or the other. Any node that takes part can, whoever coordinated it. */
export class TrialDesk {
  constructor(
    private readonly parts: OfficeParts,
    private readonly changes: Changes,
  ) {}

  /**
   * @param gone nodes that will never vote: whoever confirms votes for those that do not answer
   * @throws Refusal where nothing is on trial, or too few nodes answer to keep it
   */
  confirm(by: string, gone: readonly string[]): Promise<Confirmed> {
    return this.changes.alone(`the confirmation of ${by}`, async () => {
      const record = await this.parts.own.record();
      if (record?.phase === "deciding" && gone.length === 0) throw new Refusal(describe(record));
      if (record?.phase !== "trial" && record?.phase !== "deciding") throw await this.#nothingHere();
      const { proposal } = record;
      const { own } = this.parts;
      const assembly = { ...this.#assembly(record), hearWithin };
      const voted = await carryOut(vote(proposal, own.node, "keep"), assembly, () => undefined);
      const { outcome, state } = await voteFor(gone, "deciding", voted, own);
      const nodes = state.words.flatMap(({ node, phase }) => (phase === "kept" ? node : []));
      const silent = proposal.participants.filter((node) => !nodes.includes(node));
      if (outcome === "undone") throw new Refusal("its time was over: the nodes go back");
      if (outcome !== "kept") throw new Refusal(undecided(proposal, own.node, state.words));
      this.parts.tell("apply", `generation ${proposal.generation.number} was confirmed by ${by}`, {
        id: proposal.id,
        nodes,
      });
      return { generation: proposal.generation, nodes: nodes.sort(), silent };
    });
  }

  /**
   * Every node goes back at once.
   *
   * @param gone nodes that will never vote: whoever ends the trial votes for those that do not answer
   * @throws Refusal where nothing is on trial
   */
  abandon(by: string, gone: readonly string[]): Promise<Begun> {
    return this.changes.begin(`the end of a trial by ${by}`, async () => {
      const record = await this.parts.own.record();
      const isWaiting = record?.phase === "withdrawn" && gone.length > 0;
      if (record !== null && isUnderWay(record) && record.phase !== "trial" && !isWaiting)
        throw new Refusal(describe(record));
      if (record === null || !isUnderWay(record)) throw await this.#nothingHere();
      const { proposal } = record;
      const { numbers } = await this.parts.own.survey();
      const older = numbers.filter((number) => number < proposal.generation.number);
      const leadsTo = Math.max(0, ...older);
      return {
        id: `${proposal.id}-back`,
        leadsTo,
        run: async (say) => {
          const start = vote(proposal, this.parts.own.node, "abort");
          const voted = await carryOut(start, this.#assembly(record), say, proposal.participants);
          const result = await voteFor(gone, "withdrawn", voted, this.parts.own);
          const { current } = await this.parts.own.survey();
          const outcome = ended(result.outcome, proposal, current, result);
          const what = `generation ${proposal.generation.number} of ${whose(proposal)}`;
          const text =
            outcome.outcome === "undone"
              ? `${by} ended the trial of ${what}: back to generation ${leadsTo}`
              : sentence(proposal, outcome);
          this.parts.tell("apply", text, { id: proposal.id, by });
          return outcome;
        },
      };
    });
  }

  #assembly({ proposal }: TransactionRecord): Assembly {
    const peers = this.#peers().filter(({ node }) => proposal.participants.includes(node));
    return {
      proposal,
      topology: "",
      own: this.parts.own,
      peers: new Map(peers.map((peer) => [peer.node, peer])),
    };
  }

  #peers() {
    const cluster = this.parts.cluster();
    return cluster === null ? [] : this.parts.peers([cluster]);
  }

  /** A node that was left out of the change, or that went back already, says who may still be asked. */
  async #nothingHere(): Promise<Refusal> {
    const records = await Promise.all(
      this.#peers().map((peer) => within(2_000, peer.record(), "no answer").catch(messageOf)),
    );
    const other = records.find((record) => typeof record === "object" && record?.phase === "trial");
    if (typeof other !== "object" || other === null)
      return new Refusal(
        "no generation is on trial any more: 'holdfast history' shows what runs, 'holdfast rollback GENERATION' brings back an older one",
      );
    return new Refusal(
      `generation ${other.proposal.generation.number} is on trial on ${other.node}, but not on ${this.parts.own.node}: ask the agent of ${other.node}`,
      elsewhere,
    );
  }
}

/**
 * An operator's word for nodes that are gone for good. A node that answers is never spoken for; one that comes back all
 * the same has gone back by itself at most, and catches up.
 */
async function voteFor(
  gone: readonly string[],
  phase: "deciding" | "withdrawn",
  voted: Ended,
  own: Pick<Member, "node" | "hear">,
): Promise<Ended> {
  const { outcome, state } = voted;
  const { id, participants } = state.proposal;
  const isSilent = (node: string) =>
    participants.includes(node) && !state.words.some((word) => word.node === node);
  const votes = gone.filter(isSilent).map((node) => ({ node, phase }));
  if (outcome !== "unsettled" || votes.length === 0) return voted;
  const record = await own.hear(id, votes);
  if (record === null || !isFinal(record.phase)) return voted;
  const words = [
    ...state.words.filter(({ node }) => node !== own.node),
    { node: own.node, phase: record.phase },
  ];
  return { outcome: record.phase === "kept" ? "kept" : "undone", state: { ...state, words }, record };
}

/** The vote of this node alone keeps nothing, and is never taken back. */
function undecided(
  { participants, generation }: Proposal,
  own: string,
  words: readonly Pick<Word, "node">[],
): string {
  const silent = participants.filter((name) => name !== own && !words.some(({ node }) => node === name));
  const who = silent.join(" and ") || "the others";
  return [
    `not kept yet: ${who} did not answer, and without ${silent.length > 1 ? "them" : "it"} no majority keeps generation ${generation.number}`,
    `${own} has voted to keep it, which cannot be taken back, and goes on running it. Once ${who} answers, also after the end of the trial, it is kept; unless ${who} went back by itself: then all go back.`,
    `Bring ${who} back, or the connection to it; 'holdfast status' shows how it ends. Where ${who} will never come back: 'holdfast confirm ${silent.map((name) => `--without ${name}`).join(" ") || "--without NODE"}'`,
  ].join("\n");
}
