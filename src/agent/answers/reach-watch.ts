import type { Cluster, Node } from "../../topology/cluster.js";
import { interfaceOn } from "../../topology/select.js";
import type { Chores } from "../chores.js";
import { AnswersWatch } from "./answers-watch.js";
import { type Endpoint, endpointName, endpointsOf } from "./endpoints.js";
import { reach } from "./knock.js";

/** Milliseconds between two rounds: each costs the active node a connection. */
const calm = 5_000;

/** Endpoints by name, as they were asked just now. */
export interface Reach {
  readonly reached: readonly string[];
  readonly unreached: readonly string[];
}

export interface ReachListener {
  /** Whether a peer that is heard serves that network now, and this node does not. */
  isServed(network: string): boolean;
  /** Endpoints that are no longer reached, and those that are again; one of the two is never empty. */
  changed(lost: readonly string[], back: readonly string[]): void;
}

/**
 * Knocks at the virtual IPs of the active node as a switch would: over the network. The active node cannot find out by
 * itself that nobody gets through to it. What a standby does not reach is told to people, and moves nothing: the path
 * that is broken may be its own.
 */
export class ReachWatch {
  private readonly watch: AnswersWatch;

  constructor(
    cluster: Cluster,
    node: Node,
    private readonly listener: ReachListener,
    chores: Chores,
    /** What was told of before. */
    private told: readonly string[] = [],
  ) {
    const from = ({ network, family }: Endpoint) =>
      interfaceOn(node, network)?.addresses.find((own) => own.family === family)?.address;
    const endpoints = endpointsOf(cluster).filter((endpoint) => from(endpoint) !== undefined);
    this.watch = new AnswersWatch(
      endpoints,
      (endpoint) => reach(endpoint, from(endpoint) ?? ""),
      {
        serves: (network) => listener.isServed(network),
        changed: () => this.tell(),
      },
      chores,
      calm,
    );
  }

  /** What is not reached of what is served now. */
  get unreached(): string[] {
    const silent = this.watch.silent(performance.now());
    return silent.filter(({ network }) => this.listener.isServed(network)).map(endpointName);
  }

  /** For the next agent of this process. */
  get known(): readonly string[] {
    return this.told;
  }

  /** Every endpoint that a peer serves now, asked anew. */
  async ask(): Promise<Reach> {
    const { answering, silent } = await this.watch.ask();
    return { reached: answering, unreached: silent };
  }

  stop(): void {
    this.watch.stop();
  }

  private tell(): void {
    const [before, now] = [this.told, this.unreached];
    this.told = now;
    const lost = now.filter((name) => !before.includes(name));
    const back = before.filter((name) => !now.includes(name));
    if (lost.length + back.length > 0) this.listener.changed(lost, back);
  }
}
