import type { NodeDocument } from "../../render/node-json.js";
import type { Cluster } from "../../topology/cluster.js";
import { machineNamed } from "../../topology/machines.js";
import type { BeatGeneration } from "../beats/beat.js";
import type { Circumstances } from "../circumstances.js";
import { unfitness } from "./fitness.js";
import { Running, type RunningParts } from "./running.js";
import { VpnRunning, type VpnRunningParts } from "./vpn-running.js";

export interface WatchedParts {
  readonly node: () => RunningParts;
  readonly circumstances: () => Omit<Circumstances, "generation">;
  readonly vpn: VpnRunningParts;
}

/** What watches this machine by the topology that runs: a node's, or a VPN server's; neither before the first topology. */
export class Watched {
  #node: Running | null = null;
  #vpn: VpnRunning | null = null;

  constructor(private readonly parts: WatchedParts) {}

  get node(): Running | null {
    return this.#node;
  }

  get vpn(): VpnRunning | null {
    return this.#vpn;
  }

  get cluster(): Cluster | null {
    return (this.#node?.lookout ?? this.#vpn)?.cluster ?? null;
  }

  get generation(): BeatGeneration | null {
    return this.#node?.agent.report().generation ?? this.#vpn?.generation ?? null;
  }

  /** Goes on by what a machine's document says now. */
  async follow(document: NodeDocument | null, generation: BeatGeneration | null): Promise<void> {
    const kind = document === null ? null : machineNamed(document.cluster, document.node).kind;
    if (kind !== "node") await this.#endNode();
    if (kind !== "vpn-server") this.#endVpn();
    if (document === null) return;
    if (kind === "vpn-server") {
      if (this.#vpn !== null) this.#vpn.succeed(document, generation);
      else this.#vpn = new VpnRunning(document, generation, this.parts.vpn);
    } else if (this.#node !== null) await this.#node.succeed(document, generation);
    else
      this.#node = Running.start(document, { generation, ...this.parts.circumstances() }, this.parts.node());
  }

  /** What is wrong with this machine apart from a change that is under way, a clause each. */
  async unfitness(): Promise<readonly string[]> {
    return this.#vpn === null ? unfitness(this.#node?.agent) : this.#vpn.unfitness();
  }

  /** Runs what changes this machine: the core that is replaced meanwhile knows the rules of before; the one that replaces it, those that stand then. */
  async undisturbed<T>(work: () => Promise<T>): Promise<T> {
    await this.#node?.agent.holdRules();
    return work().finally(() => this.#node?.agent.releaseRules());
  }

  /** Just after its start the agent does not know yet. */
  get mayBeActive(): boolean {
    if (this.#node === null) return false;
    const roles = [...this.#node.agent.report().roles.values()];
    return roles.length === 0 || roles.includes("master");
  }

  async stop(): Promise<void> {
    await this.#endNode();
    this.#endVpn();
  }

  async #endNode(): Promise<void> {
    await this.#node?.stop();
    this.#node = null;
  }

  #endVpn(): void {
    this.#vpn?.stop();
    this.#vpn = null;
  }
}
