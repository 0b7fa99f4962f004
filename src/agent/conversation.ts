import type { Logger } from "pino";
import type { Cluster, Node } from "../topology/cluster.js";
import { type Beat, encode } from "./beat.js";
import { Beats } from "./beats.js";
import type { Peers } from "./peers.js";

/** What a node says of itself; the rest of a beat is the envelope. */
export type Word = Pick<Beat, "severity" | "faults" | "yielding" | "networks">;

export interface ConversationListener {
  /** This node's word now. */
  word(): Word;
  /** A beat that is news; `changed` when its sender is otherwise broken than before. */
  heard(beat: Beat, network: string, changed: boolean): void;
}

/** The beats between this node and its peers. */
export class Conversation {
  private readonly boot = Date.now();
  private sequence = 0;
  private readonly beats: Beats;

  constructor(
    cluster: Cluster,
    private readonly node: Node,
    private readonly digest: string,
    private readonly peers: Peers,
    private readonly listener: ConversationListener,
    private readonly log: Logger,
  ) {
    this.beats = new Beats(cluster, node, (beat, network) => this.hear(beat, network));
  }

  send(): void {
    this.sequence += 1;
    const { boot, sequence, digest } = this;
    this.beats.send(encode({ node: this.node.name, boot, sequence, digest, ...this.listener.word() }));
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
    this.listener.heard(beat, network, before?.severity !== beat.severity);
  }
}
