import { elsewhere } from "../api/api-error.js";
import type { Generation } from "../deploy/generation.js";
import type { Proposal, TransactionRecord, Word } from "../deploy/transaction.js";
import type { Assembly } from "./ask-node.js";
import { carryOut } from "./carry-out.js";
import type { Begun, Changes } from "./changes.js";
import { describe, whose } from "./obstacle.js";
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

  /** @throws Refusal where nothing is on trial, or too few nodes answer to keep it */
  confirm(by: string): Promise<Confirmed> {
    return this.changes.alone(`the confirmation of ${by}`, async () => {
      const record = await this.parts.own.record();
      if (record?.phase === "deciding") throw new Refusal(describe(record));
      if (record?.phase !== "trial") throw await this.#nothingHere();
      const { proposal } = record;
      const { own } = this.parts;
      const { outcome, state } = await carryOut(
        vote(proposal, own.node, "keep"),
        { ...this.#assembly(record), hearWithin },
        () => undefined,
      );
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

  /** Every node goes back at once. @throws Refusal where nothing is on trial */
  abandon(by: string): Promise<Begun> {
    return this.changes.begin(`the end of a trial by ${by}`, async () => {
      const record = await this.parts.own.record();
      if (record?.phase !== "trial") throw await this.#nothingHere();
      const { proposal } = record;
      const { numbers } = await this.parts.own.survey();
      const older = numbers.filter((number) => number < proposal.generation.number);
      const leadsTo = Math.max(0, ...older);
      return {
        id: `${proposal.id}-back`,
        leadsTo,
        run: async (say) => {
          const start = vote(proposal, this.parts.own.node, "abort");
          const result = await carryOut(start, this.#assembly(record), say, proposal.participants);
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
    `Bring ${who} back, or the connection to it; 'holdfast status' shows how it ends`,
  ].join("\n");
}
