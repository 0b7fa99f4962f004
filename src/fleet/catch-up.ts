import { randomUUID } from "node:crypto";
import type { OwnParticipant } from "../deploy/participant.js";
import type { Render } from "../deploy/rendered.js";
import type { Proposal } from "../deploy/transaction.js";
import { catchUpDecision, type Sighted } from "./catch-up-decision.js";
import type { KeptGeneration, Member } from "./member.js";
import { isUnderWay } from "./obstacle.js";
import { messageOf } from "./refusal.js";
import { within } from "./time-limit.js";

export interface CatchUpParts {
  readonly programVersion: string;
  /** This node's own part in changes. */
  readonly own: OwnParticipant;
  readonly render: Render;
  /** Every other node that the cluster has, as far as this one knows. */
  readonly peers: () => readonly Pick<Member, "node" | "kept">[];
  /** What the beats of each live peer say that it runs. */
  readonly heard: () => Sighted["heard"];
  readonly inMaintenance: () => boolean;
  /** Hears from the peers who is out of service: this node may be, and have been off when that was said. */
  readonly meet: () => Promise<unknown>;
  /** Why this node is behind, or may be; null once it is not. Counts as a fault meanwhile. */
  readonly unsettled: (why: string | null) => void;
  /** One sentence for the events. */
  readonly tell: (text: string) => void;
}

/** Why a node that has just started is unsettled. */
export const notAskedYet = "the peers have not been asked yet";

/** Milliseconds. */
const askFor = 2_000;
const retry = { first: 1_000, longest: 60_000 };
/** While it waits for somebody: a peer that can be asked again, the end of a maintenance, another program. */
const waitingEvery = 2_000;
/** Beats say at once when a peer is ahead; this is for those who do not hear them. */
const lookEvery = 30_000;

/** Brings a node that was away to the newest generation that its peers keep, before it may become active. */
export class CatchUp {
  #timer: NodeJS.Timeout | null = null;
  #started = false;
  #looking = false;
  #again = false;
  #stopped = false;
  #pause = retry.first / 2;
  #said: string | null = null;

  constructor(private readonly parts: CatchUpParts) {}

  /** Unsettled until the peers that can be reached have been asked once. */
  start(): void {
    this.#started = true;
    this.parts.unsettled(notAskedYet);
    this.notice();
  }

  /** A change ended here, in which others may have gone further than this node: looks now, unless it was its own. */
  changeEnded(): void {
    if (this.#started && !this.#looking) this.notice();
  }

  /** A peer seems to be ahead, or this node came out of maintenance: looks now. */
  notice(): void {
    if (this.#looking) this.#again = true;
    else void this.#look();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#looking = true;
    let failed = false;
    const why = await this.once().catch((error: unknown) => {
      failed = true;
      return messageOf(error);
    });
    this.#looking = false;
    if (this.#stopped) return;
    if (why !== null && why !== this.#said) this.parts.tell(`this node does not catch up: ${why}`);
    this.#said = why;
    this.#pause = failed ? Math.min(this.#pause * 2, retry.longest) : retry.first / 2;
    const pause = failed ? this.#pause : why === null ? lookEvery : waitingEvery;
    this.#timer = setTimeout(() => this.#look(), this.#again ? 0 : pause).unref();
    this.#again = false;
  }

  /** Looks, and catches up if need be. Null when there is nothing left to do, else why not. */
  async once(): Promise<string | null> {
    await this.parts.meet();
    const kept = await this.#askPeers();
    // After the peers: what they keep by now, this node has at least been told to prepare.
    const { node, current, record } = await this.parts.own.survey();
    const decision = catchUpDecision({
      node,
      programVersion: this.parts.programVersion,
      current,
      busy: record !== null && isUnderWay(record),
      maintenance: this.parts.inMaintenance(),
      heard: this.parts.heard(),
      peers: [...kept].map(([peer, generation]) => ({ node: peer, kept: generation?.entry ?? null })),
    });
    // Whoever is in the middle of a change says itself where it is in doubt, and looks again at its end.
    if (decision.kind === "settled" || decision.kind === "busy") this.parts.unsettled(null);
    if (decision.kind === "wait" || decision.kind === "unanswered") {
      this.parts.unsettled(decision.why);
      return decision.why;
    }
    const wanted = decision.kind === "apply" ? (kept.get(decision.from) ?? null) : null;
    if (wanted === null) return null;
    this.parts.unsettled(`catches up to generation ${wanted.entry.number}`);
    try {
      await this.#apply(node, wanted);
    } catch (error) {
      this.parts.unsettled(`generation ${wanted.entry.number} could not be caught up: ${messageOf(error)}`);
      throw error;
    }
    this.parts.unsettled(null);
    this.parts.tell(`caught up to generation ${wanted.entry.number} of ${wanted.entry.author}`);
    return null;
  }

  async #askPeers(): Promise<Map<string, KeptGeneration | null>> {
    const answers = await Promise.allSettled(
      this.parts.peers().map(async (peer) => {
        const kept = await within(askFor, peer.kept(), `${peer.node} does not answer`);
        return [peer.node, kept] as const;
      }),
    );
    return new Map(answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : [])));
  }

  /** The peers' generation with its number and digest, as a change in which this node takes part alone. */
  async #apply(node: string, { entry, topology }: KeptGeneration): Promise<void> {
    const { own, render } = this.parts;
    const { digest } = await render(topology);
    if (digest !== entry.digest)
      throw new Error(`this node makes ${digest.slice(0, 6)} of generation ${entry.number}'s topology`);
    const proposal: Proposal = {
      id: randomUUID(),
      coordinator: node,
      participants: [node],
      without: [],
      generation: { number: entry.number, digest },
      plans: null,
      author: entry.author,
      message: entry.message,
      confirmTimeout: null,
      patience: 10_000,
    };
    try {
      await own.prepare(proposal, topology);
      await own.commit(proposal.id);
      await own.gate(proposal.id, true);
    } catch (error) {
      await own.decide(proposal.id, "abort").catch(() => undefined);
      throw error;
    }
    // Its own vote is the majority of one.
    const record = await own.decide(proposal.id, "keep");
    if (record?.phase !== "kept") throw new Error(`it is ${record?.phase ?? "gone"} instead of kept`);
  }
}
