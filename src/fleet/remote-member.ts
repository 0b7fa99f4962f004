import { z } from "zod";
import type { MaintenanceNotes } from "../api/documents.js";
import type { StreamSeries } from "../api/mirror.js";
import { RefusedError } from "../deploy/apply.js";
import type { Refusal } from "../deploy/check.js";
import type { Generation } from "../deploy/generation.js";
import type { Proposal, Word } from "../deploy/transaction.js";
import type { FileEngine } from "../render/file.js";
import type { ClaimMessage } from "../vpn/claims.js";
import type { AgentClient } from "./client.js";
import { RefusedCall } from "./client-errors.js";
import type { Member, Move } from "./member.js";
import { readNodePlan } from "./node-plan-schema.js";
import { standingSchema } from "./standing.js";

/** Milliseconds until a peer's whole answer is there. Whoever asks may be less patient. */
const timeouts = { look: 1_900, short: 5_000, render: 20_000, change: 30_000 };

/** A peer, through its agent. Rejects with UnreachableError when no answer comes, RefusedCall when the answer is no. */
export class RemoteMember implements Member {
  constructor(
    readonly node: string,
    private readonly agent: AgentClient,
  ) {}

  survey() {
    return this.agent.call("peerSurvey", {}, { timeout: timeouts.look });
  }

  async render(topology: string) {
    await this.agent.call("peerRender", { body: { topology } }, { timeout: timeouts.render });
  }

  async plan(topology: string, generation: Generation) {
    const body = { topology, generation };
    return readNodePlan(await this.agent.call("peerPlan", { body }, { timeout: timeouts.render }), this.node);
  }

  async prepare(proposal: Proposal, topology: string) {
    const body = { proposal, topology };
    try {
      const { checked } = await this.agent.call("peerPrepare", { body }, { timeout: timeouts.render });
      return { checked: checked as FileEngine[] };
    } catch (error) {
      throw refusedByEngines(this.node, error) ?? error;
    }
  }

  commit(id: string) {
    return this.agent.call("peerCommit", { body: { id } }, { timeout: timeouts.change });
  }

  gate(id: string, last: boolean) {
    return this.agent.call("peerGate", { body: { id, last } }, { timeout: timeouts.change });
  }

  trial(id: string) {
    return this.agent.call("peerTrial", { body: { id } }, { timeout: timeouts.short });
  }

  hear(id: string, words: readonly Word[]) {
    return this.agent.call("peerHear", { body: { id, words: [...words] } }, { timeout: timeouts.change });
  }

  record() {
    return this.agent.call("peerRecord", {}, { timeout: timeouts.look });
  }

  async state() {
    return standingSchema.parse(await this.agent.call("node", {}, { timeout: timeouts.short }));
  }

  kept() {
    return this.agent.call("peerGeneration", {}, { timeout: timeouts.short });
  }

  async meet(notes: MaintenanceNotes) {
    const answer = await this.agent.call("peerMaintenance", { body: { notes } }, { timeout: timeouts.look });
    return answer.notes;
  }

  async hearRevocations(crl: string) {
    await this.agent.call("peerRevocations", { body: { crl } }, { timeout: timeouts.render });
  }

  async yieldFor(milliseconds: number) {
    await this.agent.call("yield", { body: { milliseconds } }, { timeout: timeouts.look });
  }

  tellStreams(series: StreamSeries) {
    return this.agent.call("peerStreams", { body: series }, { timeout: timeouts.short });
  }

  tellClaims(message: ClaimMessage) {
    return this.agent.call("peerVpnClaims", { body: claimBody(message) }, { timeout: timeouts.short });
  }

  takeOver({ from, aside, by }: Move) {
    return this.agent.call(
      "peerTakeOver",
      { body: { from, aside: [...aside], by } },
      { timeout: timeouts.change },
    );
  }
}

/** A copy that may be written, as a body is. */
const claimBody = ({ epoch, number, news }: ClaimMessage) => ({
  epoch,
  number,
  news: news.map(({ number: own, whole, claimed, released }) => ({
    ...{ number: own, whole, claimed: [...claimed], released: [...released] },
  })),
});

const refusalsSchema = z.object({
  refusals: z.array(z.object({ path: z.string(), engine: z.string(), words: z.string() })).min(1),
});

/** What a peer's engines refuse comes in the details of its answer. */
function refusedByEngines(node: string, error: unknown): RefusedError | null {
  if (!(error instanceof RefusedCall)) return null;
  const { success, data } = refusalsSchema.safeParse(error.details);
  return success ? new RefusedError(node, data.refusals as Refusal[]) : null;
}
