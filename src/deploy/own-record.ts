import type { Host } from "../host/host.js";
import type { Sight, Situation } from "./decide.js";
import { isAgainstKeeping, isFinal, isForKeeping } from "./decide-votes.js";
import type { NodePlan } from "./plan.js";
import { readNumbers } from "./present.js";
import { recordWords } from "./record-words.js";
import type { Phase, Proposal, TransactionRecord } from "./transaction.js";
import { readStored, type Stored, transactionPath, writeStored } from "./transaction-store.js";

interface OwnRecordParts {
  readonly node: string;
  readonly host: Host;
  /** Milliseconds since the epoch, by a clock that somebody may set. */
  readonly now: () => number;
  /** Milliseconds by a clock that nobody sets. */
  readonly steady: () => number;
  readonly tell: (sentence: string, record: TransactionRecord | null) => void;
}

/** A coordinator that said nothing for so long is not at work any more, whatever became of it. Milliseconds. */
const coordinatorRests = 120_000;

/** What this node has on disk of the last change, and what this process heard of it since. */
export class OwnRecord {
  /** This process coordinates the change. */
  coordinates = false;
  /** When somebody last said something of the change, by the steady clock. */
  heardAt = 0;
  /** When its trial is over, by the steady clock; null where it was never on trial. */
  #trialEnds: number | null = null;
  readonly #votes = new Map<string, Phase>();
  #stored: Stored | null = null;

  constructor(private readonly parts: OwnRecordParts) {}

  get stored(): Stored | null {
    return this.#stored;
  }

  get newest(): TransactionRecord | null {
    return this.#stored?.record ?? null;
  }

  /** The highest number of a generation that was ever proposed here; 0 before the first. */
  get proposed(): number {
    const { proposed = 0, record } = this.#stored ?? {};
    return Math.max(proposed, record?.proposal.generation.number ?? 0);
  }

  isOf(id: string): boolean {
    return this.newest?.proposal.id === id;
  }

  isHeard(): void {
    this.heardAt = this.parts.steady();
  }

  /** It has been on trial; and whether its time is over. */
  get trial(): Situation["trial"] {
    if (this.#trialEnds === null) return "none";
    return this.parts.steady() < this.#trialEnds ? "runs" : "over";
  }

  async load(): Promise<Stored | null> {
    await this.parts.host.unstage(transactionPath); // What a crash kept from being written.
    const { stored, damaged } = await readStored(this.parts.host);
    this.#stored = stored;
    this.#trialEnds = stored === null ? null : this.#endOf(stored.record);
    this.isHeard();
    if (damaged !== null) this.parts.tell(damaged, null);
    return stored;
  }

  begin(proposal: Proposal): Promise<void> {
    const { node, now } = this.parts;
    this.#votes.clear();
    this.#trialEnds = null;
    this.coordinates = proposal.coordinator === node;
    return this.#store({
      record: { schema: "holdfast/transaction/v1", node, proposal, phase: "prepared", confirmBy: null },
      since: new Date(now()).toISOString(),
      paths: [],
      proposed: Math.max(this.proposed, proposal.generation.number),
    });
  }

  /** To be called before anything is staged. */
  async stages(plan: NodePlan): Promise<void> {
    if (this.#stored === null) return;
    const paths = plan.changes.flatMap(({ path, after }) => (after === null ? [] : [path]));
    await this.#store({ ...this.#stored, paths });
  }

  async write(phase: Phase): Promise<void> {
    const stored = this.#stored;
    if (stored === null) return;
    const { record } = stored;
    const { generation, confirmTimeout } = record.proposal;
    const confirmBy =
      phase === "trial" ? new Date(this.parts.now() + (confirmTimeout ?? 0)).toISOString() : record.confirmBy;
    if (phase === "trial") this.#trialEnds = this.parts.steady() + (confirmTimeout ?? 0);
    await this.#store({ ...stored, record: { ...record, phase, confirmBy } });
    const around = {
      trialEnded: record.phase === "trial" && this.trial === "over",
      before: phase === "aborted" ? await this.#before(generation.number) : null,
    };
    this.parts.tell(recordWords({ ...record, phase, confirmBy }, around), this.newest);
  }

  /** Across a start only the clock on the wall is left: whatever it says, no trial takes longer than it was to. */
  #endOf({ confirmBy, proposal }: TransactionRecord): number | null {
    if (confirmBy === null) return null;
    const left = Date.parse(confirmBy) - this.parts.now();
    return this.parts.steady() + Math.min(left, proposal.confirmTimeout ?? 0);
  }

  /** The number of the generation that a node goes back to; null where it had none. */
  async #before(number: number): Promise<number | null> {
    const numbers = await readNumbers(this.parts.host).catch((): number[] => []);
    const older = numbers.filter((each) => each < number);
    return older.length === 0 ? null : Math.max(...older);
  }

  /** What was staged is gone. */
  async nothingStaged(): Promise<void> {
    if (this.#stored !== null) await this.#store({ ...this.#stored, paths: [] });
  }

  /** What the table of decision 9 asks for; null without a record. Votes among the sights are remembered. */
  situation(sights: ReadonlyMap<string, Sight>): Situation | null {
    if (this.#stored === null) return null;
    const { node, steady } = this.parts;
    const { phase, proposal } = this.#stored.record;
    // Votes are never taken back: one that was heard once counts though its node is silent now.
    const others = new Map<string, Sight>(this.#votes);
    for (const [peer, sight] of sights) {
      if (isVote(sight)) this.#votes.set(peer, sight);
      if (sight !== "silent" || !others.has(peer)) others.set(peer, sight);
    }
    others.delete(node);
    return {
      node,
      proposal,
      phase,
      trial: this.trial,
      driving: this.coordinates && steady() - this.heardAt < coordinatorRests,
      others,
    };
  }

  /** The record, if it is of this change and in one of these phases; else throws with what it is. */
  expect(id: string, ...wanted: readonly Phase[]): Stored {
    const { node } = this.parts;
    const stored = this.#stored;
    if (stored?.record.proposal.id !== id) throw new Error(`${node} has no record of this change`);
    this.isHeard();
    const { phase } = stored.record;
    if (wanted.includes(phase)) return stored;
    throw new Error(
      phase === "aborted" ? `${node} went back already` : `${node} is ${phase}, not ${wanted.join(" or ")}`,
    );
  }

  refuseSecond({ id }: Proposal): void {
    const { node } = this.parts;
    if (this.#stored === null) return;
    const { record, since } = this.#stored;
    if (this.isOf(id)) throw new Error(`${node} already took part in this change`);
    if (isFinal(record.phase)) return;
    throw new Error(
      `another change is under way on ${node} (by ${record.proposal.author}, since ${since}): try again when it has ended`,
    );
  }

  /** What a failed write left on disk counts, not what it should have been. */
  async #store(stored: Stored): Promise<void> {
    this.isHeard();
    try {
      await writeStored(this.parts.host, stored);
      this.#stored = stored;
    } catch (error) {
      this.#stored = (await readStored(this.parts.host)).stored;
      throw error;
    }
  }
}

const isVote = (sight: Sight): sight is Phase =>
  sight !== "silent" &&
  sight !== "nothing" &&
  sight !== "elsewhere" &&
  (isForKeeping(sight) || isAgainstKeeping(sight));
