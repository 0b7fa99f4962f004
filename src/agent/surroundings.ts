import type { Logger } from "pino";
import type { Host } from "../host/host.js";
import type { Cluster, Node } from "../topology/cluster.js";
import type { Beat, BeatNetwork } from "./beat.js";
import { Conversation, type Word } from "./conversation.js";
import type { PeerReport } from "./decide.js";
import { readNeighbours } from "./neighbours.js";
import { Networks } from "./networks.js";
import { Peers } from "./peers.js";
import type { AgentTiming } from "./timing.js";
import { Witnesses } from "./witnesses.js";

const learnNeighboursEvery = 3_000;

export interface SurroundingsListener {
  /** What the peers are to be told of this node itself. */
  word(): Omit<Word, "networks">;
  role(network: string): BeatNetwork["vrrp"];
  /** A peer is otherwise broken than it was. */
  changed(): void;
}

/** What stands around a node: its peers, and who answers on its networks. Times are of performance.now(). */
export class Surroundings {
  private readonly known: Peers;
  private readonly networks: Networks;
  private readonly witnesses: Witnesses;
  private readonly conversation: Conversation;
  private readonly timers: readonly NodeJS.Timeout[];

  constructor(
    cluster: Cluster,
    node: Node,
    digest: string,
    timing: AgentTiming,
    private readonly host: Host,
    private readonly listener: SurroundingsListener,
    private readonly log: Logger,
  ) {
    this.known = new Peers(timing.freshness);
    this.networks = new Networks(cluster, node, this.known, timing.silence);
    this.witnesses = new Witnesses({
      result: (result) => this.networks.ping(result, performance.now()),
      trouble: (why) => log.warn({ why }, "fping ended"),
    });
    const word = () => ({ ...listener.word(), networks: this.report(performance.now()) });
    const heard = (beat: Beat, network: string, changed: boolean) => {
      this.networks.beat(beat, network, performance.now());
      if (changed) listener.changed();
    };
    this.conversation = new Conversation(cluster, node, digest, this.known, { word, heard }, log);
    this.timers = [
      setInterval(() => this.tell(), timing.beat),
      setInterval(() => void this.learnNeighbours(), learnNeighboursEvery),
    ];
  }

  /** Tells the peers at once how this node is. */
  tell(): void {
    this.conversation.send();
  }

  /** Sees to it that the right witnesses are asked. */
  ask(now: number): void {
    this.witnesses.want(this.networks.targets(now), now);
  }

  /** Networks dead for this node alone, and what proves it. */
  deadNetworks(now: number): Map<string, string> {
    return this.networks.dead(now);
  }

  /** Every peer that was ever heard. */
  peers(now: number): PeerReport[] {
    return this.known.reports(now);
  }

  /** The last beat of each peer that is heard now. */
  fresh(now: number): Beat[] {
    return this.known.fresh(now);
  }

  report(now: number): Record<string, BeatNetwork> {
    return this.networks.report(now, (network) => this.listener.role(network));
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.witnesses.stop();
    this.conversation.stop();
  }

  private async learnNeighbours(): Promise<void> {
    try {
      this.networks.learn(await readNeighbours(this.host));
    } catch (error) {
      this.log.warn({ err: error }, "neighbours could not be read");
    }
  }
}
