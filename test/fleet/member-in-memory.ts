import { answer } from "../../src/agent/renderer/answer.js";
import type { HistoryEntry, MaintenanceNotes } from "../../src/api/documents.js";
import { type Applied, type Prepared, prepare } from "../../src/deploy/apply.js";
import { type Settling, type Sight, settle, voteFor } from "../../src/deploy/decide.js";
import type { Generation } from "../../src/deploy/generation.js";
import { readGeneration, readHistory } from "../../src/deploy/history.js";
import { planNode } from "../../src/deploy/plan.js";
import { readNumbers, readPresent } from "../../src/deploy/present.js";
import { type Rendered, TopologyError } from "../../src/deploy/rendered.js";
import type { Phase, Proposal, TransactionRecord, Word } from "../../src/deploy/transaction.js";
import type { MaintenanceBook } from "../../src/fleet/maintenance-book.js";
import type { KeptGeneration, Move } from "../../src/fleet/member.js";
import { isUnderWay } from "../../src/fleet/obstacle.js";
import type { OwnMember } from "../../src/fleet/office-parts.js";
import type { Standing } from "../../src/fleet/standing.js";
import { readManifest } from "../../src/observe/kept-generation.js";
import { nodeDown } from "../../src/observe/node.js";
import { nodeNamed } from "../../src/topology/select.js";
import { NodeInMemory } from "../deploy/node-in-memory.js";

const phaseAfter: Partial<Readonly<Record<Settling, Phase>>> = {
  keep: "kept",
  "go-back": "aborted",
  vote: "deciding",
  withdraw: "withdrawn",
  trial: "trial",
};

/** A node with its engines in memory, which settles by the protocol's own table. It never asks its peers by itself. */
export class MemberInMemory implements OwnMember {
  readonly host: NodeInMemory;
  programVersion = "test";
  /** Its record of the last change. */
  last: TransactionRecord | null = null;
  standing: Standing;
  holds = 0;
  sick = false;
  book: MaintenanceBook | null = null;
  /** What the node was asked to do in order to move the virtual IPs. */
  readonly moved: string[] = [];
  #prepared: Prepared | null = null;
  #applied: Applied | null = null;

  constructor(readonly node: string) {
    this.host = new NodeInMemory(node);
    this.standing = {
      ...nodeDown(node),
      role: "standby",
      haproxy: { process: "running" },
      agent: { faults: [] },
      healthy: true,
    };
  }

  readonly render = async (topology: string): Promise<Rendered> => {
    const made = answer({ topology, node: this.node, programVersion: this.programVersion });
    if ("problems" in made) throw new TopologyError(made.problems.join("\n"));
    return made;
  };

  async survey() {
    const manifest = await readManifest(this.host);
    return {
      node: this.node,
      programVersion: this.programVersion,
      current: manifest && { number: manifest.number, digest: manifest.digest },
      numbers: await readNumbers(this.host),
      record: this.last,
      holds: this.holds,
    };
  }

  async plan(topology: string, generation: Generation) {
    const { cluster, files } = await this.render(topology);
    const present = await readPresent(this.host, files, cluster);
    return planNode(this.node, cluster, files, present, generation);
  }

  async prepare(proposal: Proposal, topology: string) {
    if (this.last !== null && isUnderWay(this.last)) throw new Error("another change is under way");
    const { cluster, files } = await this.render(topology);
    const { author, message } = proposal;
    const note = { author, message, program: this.programVersion, topology };
    const target = { cluster, node: nodeNamed(cluster, this.node), files, note };
    const plan = await this.plan(topology, proposal.generation);
    const base = { schema: "holdfast/transaction/v1", node: this.node, proposal, confirmBy: null } as const;
    this.last = { ...base, phase: "aborted" };
    this.#prepared = await prepare(this.host, plan, target, { timeout: 3, pause: 1 });
    this.last = { ...base, phase: "prepared" };
    return { checked: this.#prepared.checked };
  }

  async commit(id: string) {
    try {
      this.#applied = (await this.#prepared?.commit()) ?? null;
    } catch (error) {
      this.#write(id, "aborted");
      throw error;
    }
    this.#write(id, "committed");
    return { changes: 1 };
  }

  async gate(id: string, last: boolean) {
    if (this.sick) throw new Error(`${this.node} has the fault haproxy-gone since the change`);
    if (last) this.#write(id, "ready");
    return { endpoints: last && this.holds > 0 ? ["10.0.1.100:6653"] : [] };
  }

  async trial(id: string) {
    return this.#write(id, "trial", "2026-11-25T10:00:00.000Z");
  }

  async hear(id: string, words: readonly Word[]) {
    if (this.last?.proposal.id !== id) return this.last;
    return this.#act(settle(this.#situation(this.last, words)));
  }

  async decide(id: string, decision: "keep" | "abort") {
    if (this.last?.proposal.id !== id) return null;
    return this.#act(voteFor(this.#situation(this.last, []), decision));
  }

  async record() {
    return this.last;
  }

  async state() {
    return this.standing;
  }

  async kept(): Promise<KeptGeneration | null> {
    if (this.last !== null && isUnderWay(this.last)) return null;
    const { entries } = await readHistory(this.host);
    const current: HistoryEntry | undefined = entries.find((entry) => entry.current);
    const past = current && (await readGeneration(this.host, current.number));
    return past?.topology ? { entry: past.entry, topology: past.topology } : null;
  }

  async meet(notes: MaintenanceNotes) {
    return this.book?.meet(notes) ?? notes;
  }

  async yieldFor() {
    this.moved.push("yield");
  }

  async takeOver({ from, aside }: Move) {
    this.moved.push(`take over from ${[...aside, from].join(", ")}`);
    return { gap: 4 };
  }

  #write(id: string, phase: Phase, confirmBy: string | null = null): TransactionRecord {
    if (this.last?.proposal.id !== id) throw new Error("it has no part in this change");
    this.last = { ...this.last, phase, confirmBy: confirmBy ?? this.last.confirmBy };
    return this.last;
  }

  #situation({ proposal, phase, confirmBy }: TransactionRecord, words: readonly Word[]) {
    const others = words.filter(({ node }) => node !== this.node);
    return {
      node: this.node,
      proposal,
      phase,
      trial: confirmBy === null ? ("none" as const) : ("runs" as const),
      driving: this.node === proposal.coordinator,
      others: new Map<string, Sight>(others.map(({ node, phase: said }) => [node, said])),
    };
  }

  async #act(settling: Settling): Promise<TransactionRecord> {
    if (this.last === null) throw new Error("nothing to settle");
    const phase = phaseAfter[settling];
    if (phase === undefined) return this.last;
    if (phase === "kept") await this.#applied?.keep();
    if (phase === "aborted" && this.#applied !== null) await this.#applied.restore();
    else if (phase === "aborted") await this.#prepared?.discard();
    if (phase === "kept" || phase === "aborted") [this.#applied, this.#prepared] = [null, null];
    return this.#write(this.last.proposal.id, phase);
  }
}
