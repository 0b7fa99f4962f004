import type { Settling, Sight } from "./decide.js";
import { isFinal } from "./decide-votes.js";
import type { LocalParticipant } from "./local-participant.js";
import type { TransactionRecord, Word } from "./transaction.js";

/** A peer as the settler asks it. */
export interface SettlingPeer {
  readonly node: string;
  record(): Promise<TransactionRecord | null>;
  hear(id: string, words: readonly Word[]): Promise<unknown>;
}

export interface SettlerParts {
  readonly own: Pick<LocalParticipant, "node" | "record" | "heardAt" | "trialIsOver" | "ending" | "settle">;
  /** Every other node that this change, or this node's generation, knows. */
  readonly peers: () => readonly SettlingPeer[];
  /** Milliseconds by a clock that nobody sets. */
  readonly steady: () => number;
  /** Does some work so many milliseconds later; what it returns takes it back. */
  readonly after: (milliseconds: number, work: () => void) => () => void;
  /**
   * Called when it changes: why this node cannot know what the others decided, one clause; null when it can. Counts as
   * a fault meanwhile.
   */
  readonly doubt: (why: string | null) => void;
  /** A failure of its own work, as one sentence. */
  readonly tell: (sentence: string) => void;
}

/** Milliseconds: how often it looks whether something is due, and how long a peer may take to answer. */
const every = 500;
const askFor = 1_500;
/** Milliseconds between attempts to carry out a final word on this machine. */
const tryAgain = 10_000;

/**
 * Ends changes whose coordinator fell silent, and trials whose time is over: asks every peer for its record, lets the
 * node act on the answers by the table of decision 9, and tells the peers what became of it.
 */
export class Settler {
  #takeBack: () => void = () => undefined;
  #due = true;
  #isFirst = true;
  #working: Promise<void> | null = null;
  #inDoubt: string | null = null;
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: SettlerParts) {}

  /** Asks at once: what happened while this node was away is not known. */
  start(): void {
    this.#takeBack = this.parts.after(every, () => this.start());
    void this.look();
  }

  stop(): void {
    this.#takeBack();
  }

  /** A peer can be reached again. */
  notice(): void {
    this.#due = true;
  }

  /** Looks once whether something is due, and does it. Never rejects; two at a time are one. */
  look(): Promise<void> {
    this.#working ??= this.#look()
      .catch((error: unknown) => this.parts.tell(`a change could not be settled: ${String(error)}`))
      .finally(() => {
        this.#working = null;
      });
    return this.#working;
  }

  async #look(): Promise<void> {
    const record = await this.parts.own.record();
    if (record === null || isFinal(record.phase)) {
      this.#isFirst = false;
      this.#doubt(null);
      this.#due = false;
      if (this.parts.own.ending) await this.#tryAgain();
      return;
    }
    if (!this.#due && this.#inDoubt === null && !this.#isDue(record)) return;
    this.#due = false;
    // While the others are at work nobody doubts: a peer that is heard again in the middle of a change proves nothing.
    const doubts = this.#isFirst || this.#inDoubt !== null || this.#isDue(record);
    this.#isFirst = false;
    const sights = await this.#ask(record);
    const said = await this.parts.own.settle(sights);
    const after = await this.parts.own.record();
    const isOpen = after !== null && !isFinal(after.phase);
    this.#doubt(isOpen && doubts ? doubtOf(said, record, sights) : null);
    if (after !== null && after.phase !== record.phase) await this.#tell(after);
  }

  #doubt(why: string | null): void {
    if (why === this.#inDoubt) return;
    this.#inDoubt = why;
    this.parts.doubt(why);
  }

  async #tryAgain(): Promise<void> {
    if (this.parts.steady() - this.#triedAt < tryAgain) return;
    this.#triedAt = this.parts.steady();
    await this.parts.own.settle(new Map());
  }

  #isDue({ phase, proposal }: TransactionRecord): boolean {
    const { own, steady } = this.parts;
    return phase === "trial" ? own.trialIsOver : steady() - own.heardAt >= proposal.patience;
  }

  #peersOf({ proposal }: TransactionRecord): readonly SettlingPeer[] {
    return this.parts.peers().filter(({ node }) => proposal.participants.includes(node));
  }

  /** Every other participant; one that this node cannot even address is silent. */
  async #ask(record: TransactionRecord): Promise<Map<string, Sight>> {
    const { participants, id } = record.proposal;
    const peers = this.#peersOf(record);
    const sights = await Promise.all(
      participants
        .filter((node) => node !== this.parts.own.node)
        .map(async (node): Promise<[string, Sight]> => {
          const peer = peers.find((one) => one.node === node);
          return [
            node,
            peer === undefined ? "silent" : await within(peer.record().then(sightOf(id)), "silent"),
          ];
        }),
    );
    return new Map(sights);
  }

  async #tell(record: TransactionRecord): Promise<void> {
    const words = [{ node: this.parts.own.node, phase: record.phase }];
    await Promise.all(
      this.#peersOf(record).map((peer) => within(peer.hear(record.proposal.id, words), undefined)),
    );
    this.#due = true;
  }
}

const sightOf =
  (id: string) =>
  (record: TransactionRecord | null): Sight => {
    if (record === null) return "nothing";
    return record.proposal.id === id ? record.phase : "elsewhere";
  };

function doubtOf(
  said: Settling,
  { proposal }: TransactionRecord,
  sights: ReadonlyMap<string, Sight>,
): string | null {
  if (said !== "doubt") return null;
  const silent = [...sights].flatMap(([node, sight]) => (sight === "silent" ? [node] : []));
  return `generation ${proposal.generation.number} runs here, and whether it is kept is known once ${silent.length === 0 ? "the others have voted" : `${silent.join(" or ")} answers`}`;
}

/** The answer in time, else `otherwise`. */
async function within<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, askFor, otherwise);
  });
  try {
    return await Promise.race([answer.catch(() => otherwise), late]);
  } finally {
    clearTimeout(timer);
  }
}
