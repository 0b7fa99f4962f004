import type { Logger } from "pino";
import type { Cluster, Node } from "../../topology/cluster.js";
import { type Beat, encode } from "./beat.js";
import { Beats } from "./beats.js";
import type { Peers } from "./peers.js";

/** What a node says of itself; the rest of a beat is the envelope. */
export type Word = Omit<Beat, "node" | "boot" | "sequence" | "digest">;

/** Where a node's beats stand. */
export interface Count {
  /** When this process began to speak: milliseconds since the epoch. */
  readonly boot: number;
  readonly sequence: number;
}

export interface ConversationListener {
  /** This node's word now. */
  word(): Word;
  /** A beat that is news; `changed` when its sender is otherwise broken than before. */
  heard(beat: Beat, network: string, changed: boolean): void;
}

/** The beats between this node and its peers. */
export class Conversation {
  private readonly beats: Beats;

  constructor(
    cluster: Cluster,
    private readonly node: Node,
    private readonly digest: string,
    private readonly peers: Peers,
    private readonly listener: ConversationListener,
    private readonly log: Logger,
    /** Goes on where an earlier conversation of this process stopped, so that no peer takes its beats for old ones. */
    private count: Count = { boot: Date.now(), sequence: 0 },
  ) {
    this.beats = new Beats(cluster, node, (beat, network) => this.hear(beat, network));
  }

  get counted(): Count {
    return this.count;
  }

  send(): void {
    this.count = { ...this.count, sequence: this.count.sequence + 1 };
    const { digest } = this;
    this.beats.send(encode({ node: this.node.name, ...this.count, digest, ...this.listener.word() }));
  }

  stop(): void {
    this.beats.stop();
  }

  private hear(beat: Beat, network: string): void {
    const now = performance.now();
    const before = this.peers.fresh(now).find(({ node }) => node === beat.node);
    if (!this.peers.take(beat, network, now)) return;
    if (before === undefined)
      this.log.info({ peer: beat.node, sameTopology: beat.digest === this.digest }, "peer heard");
    const changed = before?.severity !== beat.severity || before.unsettled !== beat.unsettled;
    this.listener.heard(beat, network, changed);
  }
}
