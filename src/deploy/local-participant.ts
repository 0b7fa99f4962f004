import type { Host } from "../host/host.js";
import { readManifest } from "../observe/kept-generation.js";
import type { Cluster } from "../topology/cluster.js";
import type { Prepared } from "./apply.js";
import { lookAtPool } from "./change-pool.js";
import { type Settling, type Sight, settle, voteFor } from "./decide.js";
import { isFinal } from "./decide-votes.js";
import { FitnessGate, type Senses } from "./fitness-gate.js";
import type { Generation } from "./generation.js";
import { MachineLock } from "./machine-lock.js";
import { NodeChange } from "./node-change.js";
import { OneAtATime } from "./one-at-a-time.js";
import { OwnRecord } from "./own-record.js";
import type { OwnParticipant } from "./participant.js";
import { defaultPatience, type Patience } from "./patience.js";
import { type NodePlan, planAgain, planDigest } from "./plan.js";
import { readNumbers } from "./present.js";
import type { Render } from "./rendered.js";
import type { Phase, Proposal, Survey, TransactionRecord, Word } from "./transaction.js";

export interface LocalParts extends Omit<Senses, "pool"> {
  readonly node: string;
  /** Its `services.reload("holdfast-agent")` makes this process read node.json again. */
  readonly host: Host;
  readonly programVersion: string;
  readonly render: Render;
  /** How many virtual addresses this node holds now. */
  readonly holds: () => Promise<number>;
  /** Milliseconds since the epoch, by a clock that somebody may set. */
  readonly now: () => number;
  /** Milliseconds by a clock that nobody sets. */
  readonly steady: () => number;
  /** The record changed, or something about it went wrong: one sentence for the events. */
  readonly tell: (sentence: string, record: TransactionRecord | null) => void;
  /** Nobody else watches for drift, or puts it back, until `resume`. Resolves when nothing is under way. */
  readonly suspend: () => Promise<void>;
  /** A change has ended here, or is on trial. */
  readonly resume: () => void;
  /** Runs what changes this machine while nobody else loads rules into its kernel. */
  readonly undisturbed: <T>(work: () => Promise<T>) => Promise<T>;
  readonly patience?: Patience;
}

/** This node's part in a change of all: what the protocol decides, done to this machine, each step on disk first. */
export class LocalParticipant implements OwnParticipant {
  readonly node: string;
  readonly #change: NodeChange;
  readonly #gate: FitnessGate;
  readonly #lock: MachineLock;
  readonly #turn = new OneAtATime();
  readonly #record: OwnRecord;
  #prepared: Prepared | null = null;
  #joining: Cluster | null = null;
  /** What the last final word asks for is done to this machine. */
  #carriedOut = false;

  constructor(private readonly parts: LocalParts) {
    const patience = parts.patience ?? defaultPatience;
    this.node = parts.node;
    this.#change = new NodeChange({ ...parts, patience });
    this.#gate = new FitnessGate({ ...parts, pool: () => lookAtPool(parts.host) }, patience);
    this.#lock = new MachineLock(parts.host);
    this.#record = new OwnRecord(parts);
  }

  /** Call once, before anything else: finishes what a crash interrupted here, as far as this node can know. */
  start(): Promise<void> {
    return this.#turn.run(async () => {
      await this.parts.suspend();
      const stored = await this.#record.load();
      await this.#change.discard([]);
      if (stored === null || isFinal(stored.record.phase)) return this.#finish();
      // On a full disk, say: an agent that did not start would neither tell nor settle it later.
      if (stored.record.phase === "prepared")
        return this.#enact("go-back").catch((error) => this.parts.tell(String(error), null));
      if (stored.record.phase === "trial") return this.parts.resume();
      await this.#lock.take().catch((error) => this.parts.tell(String(error), null));
    });
  }

  async record(): Promise<TransactionRecord | null> {
    return this.#record.newest;
  }

  /** When somebody last said something of the change, by the steady clock. */
  get heardAt(): number {
    return this.#record.heardAt;
  }

  get trialIsOver(): boolean {
    return this.#record.trial === "over";
  }

  /** A final word is on disk, and not yet carried out on this machine: what runs says nothing. */
  get ending(): boolean {
    const { newest } = this.#record;
    return newest !== null && isFinal(newest.phase) && !this.#carriedOut;
  }

  /** What the change under way makes of the cluster: who takes part in a first one is known from there alone. */
  get joining(): Cluster | null {
    return this.#joining;
  }

  async survey(): Promise<Survey> {
    const { host, node, programVersion } = this.parts;
    const [manifest, numbers, holds] = await Promise.all([
      readManifest(host),
      readNumbers(host),
      this.parts.holds(),
    ]);
    const current = manifest && { number: manifest.number, digest: manifest.digest };
    const { proposed, newest: record } = this.#record;
    return { node, programVersion, current, numbers, proposed, holds, record };
  }

  async plan(topology: string, generation: Generation): Promise<NodePlan> {
    return (await this.#change.look(topology, generation)).plan;
  }

  prepare(proposal: Proposal, topology: string): ReturnType<OwnParticipant["prepare"]> {
    return this.#turn.run(async () => {
      this.#record.refuseSecond(proposal);
      try {
        // Before the machine's lock is asked for: what puts drift back may hold it.
        await this.parts.suspend();
        await this.#lock.take();
        await this.#carryOut();
        if (!this.#carriedOut) throw new Error(`the change before could not be ended on ${this.node} yet`);
        // Before it looks, which takes a while: a peer that is quicker may ask whether the coordinator knows of this change.
        await this.#record.begin(proposal);
        const [looked] = await Promise.all([
          this.#change.look(topology, proposal.generation),
          this.#gate.remember(),
        ]);
        if (looked.rendered.digest !== proposal.generation.digest)
          throw new Error(`${this.node} makes another generation of this topology`);
        if (proposal.plans !== null && proposal.plans[this.node] !== planDigest(looked.plan))
          throw new Error(`${this.node}: ${planAgain}`);
        this.#joining = looked.rendered.cluster;
        await this.#record.stages(looked.plan);
        this.#prepared = await this.#change.stage(looked, proposal, topology);
        return { checked: this.#prepared.checked };
      } catch (error) {
        if (this.#record.isOf(proposal.id)) await this.#enact("go-back");
        else await this.#rest();
        throw error;
      }
    });
  }

  commit(id: string): ReturnType<OwnParticipant["commit"]> {
    return this.#turn.run(async () => {
      const { paths } = this.#record.expect(id, "prepared");
      if (this.#prepared === null) throw new Error(`${this.node} started again since it prepared`);
      try {
        const { commit } = this.#prepared;
        await this.parts.undisturbed(commit);
        await this.#record.write("committed");
        return { changes: paths.length };
      } catch (error) {
        await this.#enact("go-back");
        throw error;
      }
    });
  }

  async gate(id: string, last: boolean): ReturnType<OwnParticipant["gate"]> {
    this.#record.expect(id, "committed", "ready");
    const passed = await this.#gate.pass(last);
    // Only now: while it looks, the node must be able to hear that the others go back.
    return this.#turn.run(async () => {
      const { record } = this.#record.expect(id, "committed", "ready");
      if (last && record.phase === "committed") await this.#record.write("ready");
      return passed;
    });
  }

  trial(id: string): Promise<TransactionRecord> {
    return this.#turn.run(async () => {
      const { record } = this.#record.expect(id, "ready", "trial");
      if (record.phase === "ready") await this.#enact("trial");
      return this.#record.expect(id, "trial").record;
    });
  }

  hear(id: string, words: readonly Word[]): Promise<TransactionRecord | null> {
    return this.#turn.run(async () => {
      if (!this.#record.isOf(id)) return this.record();
      this.#record.isHeard();
      await this.#settle(new Map(words.map(({ node, phase }) => [node, phase])));
      return this.record();
    });
  }

  decide(id: string, decision: "keep" | "abort"): Promise<TransactionRecord | null> {
    return this.#turn.run(async () => {
      const situation = this.#record.isOf(id) ? this.#record.situation(new Map()) : null;
      if (situation === null) return null;
      // From here on it is one of many, also when its vote could not be written: the table alone says what follows.
      this.#record.coordinates = false;
      await this.#enact(voteFor(situation, decision));
      return this.record();
    });
  }

  /** Acts on what was asked of all the others just now, by the table of decision 9. Says what it came to. */
  settle(sights: ReadonlyMap<string, Sight>): Promise<Settling> {
    return this.#turn.run(() => this.#settle(sights));
  }

  /** Runs `work` while no step of a change is under way here. */
  protected atRest<T>(work: () => Promise<T>): Promise<T> {
    return this.#turn.run(work);
  }

  async #settle(sights: ReadonlyMap<string, Sight>): Promise<Settling> {
    const situation = this.#record.situation(sights);
    if (situation === null) return "rest";
    if (this.ending) await this.#finish();
    const said = settle(situation);
    await this.#enact(said);
    return said;
  }

  /** The word is on disk before the machine is touched: whatever crashes then is finished at the next start. */
  async #enact(settling: Settling): Promise<void> {
    const phase = written[settling];
    if (phase === undefined) return;
    if (isFinal(phase)) this.#carriedOut = false;
    await this.#record.write(phase);
    if (isFinal(phase)) await this.#finish();
    if (phase === "trial") await this.#rest();
  }

  async #finish(): Promise<void> {
    // A trial let them go on.
    await this.parts.suspend();
    await this.#carryOut();
    await this.#rest();
  }

  /** Others may have the machine. */
  async #rest(): Promise<void> {
    await this.#lock.free();
    this.parts.resume();
  }

  /** A final word, done to the machine. What cannot be put back now is tried again, and told. */
  async #carryOut(): Promise<void> {
    const { stored } = this.#record;
    this.#prepared = null;
    this.#joining = null;
    this.#record.coordinates = false;
    this.#carriedOut = false;
    try {
      if (stored?.record.phase === "kept") await this.#change.keep();
      else await this.#goBack(stored?.paths ?? []);
      this.#carriedOut = true;
    } catch (error) {
      this.parts.tell(`a change could not be ended here, which is tried again: ${String(error)}`, null);
    }
  }

  async #goBack(staged: readonly string[]): Promise<void> {
    const wasOpen = await this.parts.undisturbed(() => this.#change.undo());
    if (staged.length === 0) return;
    if (!wasOpen) await this.#change.discard(staged);
    await this.#record.nothingStaged();
  }
}

const written: Partial<Readonly<Record<Settling, Phase>>> = {
  keep: "kept",
  "go-back": "aborted",
  vote: "deciding",
  withdraw: "withdrawn",
  trial: "trial",
};
