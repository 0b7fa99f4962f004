import type { Host } from "../host/host.js";
import { readManifest } from "../observe/kept-generation.js";
import type { Prepared } from "./apply.js";
import { type Settling, type Sight, settle, voteFor } from "./decide.js";
import { isAgainstKeeping, isFinal, isForKeeping } from "./decide-votes.js";
import { FitnessGate, type Senses } from "./fitness-gate.js";
import type { Generation } from "./generation.js";
import { MachineLock } from "./machine-lock.js";
import { NodeChange } from "./node-change.js";
import { OneAtATime } from "./one-at-a-time.js";
import type { OwnParticipant } from "./participant.js";
import { defaultPatience, type Patience } from "./patience.js";
import type { NodePlan } from "./plan.js";
import { readNumbers } from "./present.js";
import type { Render } from "./rendered.js";
import type { Phase, Proposal, Survey, TransactionRecord, Word } from "./transaction.js";
import { readStored, type Stored, writeStored } from "./transaction-store.js";

export interface LocalParts extends Senses {
  readonly node: string;
  /** Its `services.reload("holdfast-agent")` makes this process read node.json again. */
  readonly host: Host;
  readonly programVersion: string;
  readonly render: Render;
  /** How many virtual addresses this node holds now. */
  readonly holds: () => Promise<number>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The record changed, or something about it went wrong: one sentence for the events. */
  readonly tell: (sentence: string, record: TransactionRecord | null) => void;
  readonly patience?: Patience;
}

/** A coordinator that said nothing for so long is not at work any more, whatever became of it. Milliseconds. */
const coordinatorRests = 120_000;

/** This node's part in a change of all: what the protocol decides, done to this machine, each step on disk first. */
export class LocalParticipant implements OwnParticipant {
  readonly node: string;
  readonly #change: NodeChange;
  readonly #gate: FitnessGate;
  readonly #lock: MachineLock;
  readonly #turn = new OneAtATime();
  readonly #votes = new Map<string, Phase>();
  #stored: Stored | null = null;
  #prepared: Prepared | null = null;
  #coordinates = false;
  #heardAt = 0;

  constructor(private readonly parts: LocalParts) {
    const patience = parts.patience ?? defaultPatience;
    this.node = parts.node;
    this.#change = new NodeChange({ ...parts, patience });
    this.#gate = new FitnessGate(parts, patience);
    this.#lock = new MachineLock(parts.host);
  }

  /** Call once, before anything else: finishes what a crash interrupted here, as far as this node can know. */
  start(): Promise<void> {
    return this.#turn.run(async () => {
      const { stored, damaged } = await readStored(this.parts.host);
      this.#stored = stored;
      this.#heardAt = this.parts.now();
      if (damaged !== null) this.parts.tell(damaged, null);
      if (stored === null) return void (await this.#change.undo());
      if (stored.record.phase === "prepared") return this.#enact("go-back");
      if (isFinal(stored.record.phase)) return this.#finish();
      if (stored.record.phase !== "trial")
        await this.#lock.take().catch((error) => this.parts.tell(String(error), null));
    });
  }

  async record(): Promise<TransactionRecord | null> {
    return this.#stored?.record ?? null;
  }

  /** Milliseconds since the epoch: when somebody last said something of the change. */
  get heardAt(): number {
    return this.#heardAt;
  }

  async survey(): Promise<Survey> {
    const { host, node, programVersion } = this.parts;
    const [manifest, numbers, holds] = await Promise.all([
      readManifest(host),
      readNumbers(host),
      this.parts.holds(),
    ]);
    const current = manifest && { number: manifest.number, digest: manifest.digest };
    return { node, programVersion, current, numbers, holds, record: await this.record() };
  }

  async plan(topology: string, generation: Generation): Promise<NodePlan> {
    return (await this.#change.look(topology, generation)).plan;
  }

  prepare(proposal: Proposal, topology: string): ReturnType<OwnParticipant["prepare"]> {
    return this.#turn.run(async () => {
      this.#refuseSecondChange(proposal);
      await this.#lock.take();
      try {
        await this.#finish();
        const [looked] = await Promise.all([
          this.#change.look(topology, proposal.generation),
          this.#gate.remember(),
        ]);
        if (looked.rendered.digest !== proposal.generation.digest)
          throw new Error(`${this.node} makes another generation of this topology`);
        await this.#begin(proposal, looked.plan);
        this.#prepared = await this.#change.stage(looked, proposal, topology);
        return { checked: this.#prepared.checked };
      } catch (error) {
        if (this.#stored?.record.proposal.id === proposal.id) await this.#enact("go-back");
        else await this.#lock.free();
        throw error;
      }
    });
  }

  commit(id: string): ReturnType<OwnParticipant["commit"]> {
    return this.#turn.run(async () => {
      const stored = this.#expect(id, "prepared");
      if (this.#prepared === null) throw new Error(`${this.node} started again since it prepared`);
      try {
        await this.#prepared.commit();
        await this.#write("committed");
        return { changes: stored.paths.length };
      } catch (error) {
        await this.#enact("go-back");
        throw error;
      }
    });
  }

  async gate(id: string, last: boolean): ReturnType<OwnParticipant["gate"]> {
    this.#expect(id, "committed", "ready");
    const passed = await this.#gate.pass(last);
    // Only now: while it looks, the node must be able to hear that the others go back.
    return this.#turn.run(async () => {
      const { record } = this.#expect(id, "committed", "ready");
      if (last && record.phase === "committed") await this.#write("ready");
      return passed;
    });
  }

  trial(id: string): Promise<TransactionRecord> {
    return this.#turn.run(async () => {
      const { record } = this.#expect(id, "ready", "trial");
      if (record.phase === "ready") await this.#enact("trial");
      return this.#expect(id, "trial").record;
    });
  }

  hear(id: string, words: readonly Word[]): Promise<TransactionRecord | null> {
    return this.#turn.run(async () => {
      if (this.#stored?.record.proposal.id !== id) return this.record();
      this.#heardAt = this.parts.now();
      await this.#settle(new Map(words.map(({ node, phase }) => [node, phase])));
      return this.record();
    });
  }

  decide(id: string, decision: "keep" | "abort"): Promise<TransactionRecord | null> {
    return this.#turn.run(async () => {
      const stored = this.#stored;
      if (stored?.record.proposal.id !== id) return null;
      await this.#enact(voteFor(this.#situation(stored, new Map()), decision));
      // From here on it is one of many: the table alone says what follows.
      this.#coordinates = false;
      return this.record();
    });
  }

  /** Acts on what was asked of all the others just now, by the table of decision 9. Says what it came to. */
  settle(sights: ReadonlyMap<string, Sight>): Promise<Settling> {
    return this.#turn.run(() => this.#settle(sights));
  }

  async #settle(sights: ReadonlyMap<string, Sight>): Promise<Settling> {
    const stored = this.#stored;
    if (stored === null) return "rest";
    if (isFinal(stored.record.phase)) await this.#finish();
    for (const [node, sight] of sights) if (isVote(sight) && node !== this.node) this.#votes.set(node, sight);
    const said = settle(this.#situation(stored, sights));
    await this.#enact(said);
    return said;
  }

  #situation({ record }: Stored, sights: ReadonlyMap<string, Sight>) {
    const { phase, proposal, confirmBy } = record;
    const rests = this.parts.now() - this.#heardAt >= coordinatorRests;
    // Votes are never taken back: one that was heard once counts though its node is silent now.
    const others = new Map<string, Sight>([...sights, ...this.#votes]);
    others.delete(this.node);
    for (const [node, sight] of sights) if (isVote(sight) && node !== this.node) others.set(node, sight);
    return {
      node: this.node,
      proposal,
      phase,
      trial: confirmBy === null ? "none" : this.parts.now() < Date.parse(confirmBy) ? "runs" : "over",
      driving: this.#coordinates && !rests,
      others,
    } as const;
  }

  /** The word is on disk before the machine is touched: whatever crashes then is finished at the next start. */
  async #enact(settling: Settling): Promise<void> {
    const phase = written[settling];
    if (phase === undefined) return;
    await this.#write(phase);
    if (isFinal(phase)) await this.#finish();
    if (phase === "trial") await this.#lock.free();
  }

  /** A final word, carried out. What cannot be put back now is tried again, and told. */
  async #finish(): Promise<void> {
    const stored = this.#stored;
    this.#prepared = null;
    this.#coordinates = false;
    try {
      if (stored?.record.phase === "kept") return await this.#change.keep();
      const wasOpen = await this.#change.undo();
      if (stored === null || stored.paths.length === 0) return;
      if (!wasOpen) await this.#change.discard(stored.paths);
      await this.#store({ ...stored, paths: [] });
    } catch (error) {
      this.parts.tell(`a change could not be ended here, which is tried again: ${String(error)}`, null);
    } finally {
      await this.#lock.free();
    }
  }

  #begin(proposal: Proposal, plan: NodePlan): Promise<void> {
    this.#votes.clear();
    this.#coordinates = proposal.coordinator === this.node;
    return this.#store({
      record: {
        schema: "holdfast/transaction/v1",
        node: this.node,
        proposal,
        phase: "prepared",
        confirmBy: null,
      },
      since: new Date(this.parts.now()).toISOString(),
      paths: plan.changes.flatMap(({ path, after }) => (after === null ? [] : [path])),
    });
  }

  async #write(phase: Phase): Promise<void> {
    const stored = this.#stored;
    if (stored === null) return;
    const { proposal } = stored.record;
    const confirmBy =
      phase === "trial"
        ? new Date(this.parts.now() + (proposal.confirmTimeout ?? 0)).toISOString()
        : stored.record.confirmBy;
    await this.#store({ ...stored, record: { ...stored.record, phase, confirmBy } });
    this.parts.tell(
      `generation ${proposal.generation.number} is ${phase} here`,
      this.#stored?.record ?? null,
    );
  }

  /** What a failed write left on disk counts, not what it should have been. */
  async #store(stored: Stored): Promise<void> {
    this.#heardAt = this.parts.now();
    try {
      await writeStored(this.parts.host, stored);
      this.#stored = stored;
    } catch (error) {
      this.#stored = (await readStored(this.parts.host)).stored;
      throw error;
    }
  }

  #expect(id: string, ...wanted: readonly Phase[]): Stored {
    const stored = this.#stored;
    if (stored?.record.proposal.id !== id) throw new Error(`${this.node} has no record of this change`);
    this.#heardAt = this.parts.now();
    const { phase } = stored.record;
    if (wanted.includes(phase)) return stored;
    throw new Error(
      phase === "aborted"
        ? `${this.node} went back already`
        : `${this.node} is ${phase}, not ${wanted.join(" or ")}`,
    );
  }

  #refuseSecondChange({ id }: Proposal): void {
    const stored = this.#stored;
    if (stored === null) return;
    const { phase, proposal } = stored.record;
    if (proposal.id === id) throw new Error(`${this.node} already took part in this change`);
    if (!isFinal(phase))
      throw new Error(
        `another change is under way on ${this.node} (by ${proposal.author}, since ${stored.since}): try again when it has ended`,
      );
  }
}

const written: Partial<Readonly<Record<Settling, Phase>>> = {
  keep: "kept",
  "go-back": "aborted",
  vote: "deciding",
  withdraw: "withdrawn",
  trial: "trial",
};

const isVote = (sight: Sight): sight is Phase =>
  sight !== "silent" &&
  sight !== "nothing" &&
  sight !== "elsewhere" &&
  (isForKeeping(sight) || isAgainstKeeping(sight));
