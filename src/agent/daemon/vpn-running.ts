import type { Logger } from "pino";
import type { Host } from "../../host/host.js";
import { observeVpnServer, type VpnServerState, vpnTroubles } from "../../observe/vpn-server.js";
import type { NodeDocument } from "../../render/node-json.js";
import type { Cluster, Vpn, VpnServer } from "../../topology/cluster.js";
import { vpnServerNamed } from "../../topology/vpn-select.js";
import type { BeatGeneration } from "../beats/beat.js";
import type { ClaimHearer } from "../vpn/claim-spread.js";
import { VpnWatch } from "../vpn/vpn-watch.js";
import type { Tell } from "./tell.js";

export interface VpnRunningParts {
  readonly host: Host;
  readonly log: Logger;
  readonly tell: Tell;
  /** The other servers' agents. */
  readonly hearers: (cluster: Cluster) => readonly ClaimHearer[];
}

/** What watches a VPN server by the topology that runs: its watch is replaced when the network is another one. */
export class VpnRunning {
  private constructor(
    private current: NodeDocument,
    public generation: BeatGeneration | null,
    private readonly parts: VpnRunningParts,
    private watching: VpnWatch,
  ) {}

  static start(
    document: NodeDocument,
    generation: BeatGeneration | null,
    parts: VpnRunningParts,
  ): VpnRunning {
    const running: { all: VpnRunning | null } = { all: null };
    const cluster = () => running.all?.cluster ?? document.cluster;
    const all = new VpnRunning(document, generation, parts, watchOf(document, cluster, parts));
    running.all = all;
    return all;
  }

  get cluster(): Cluster {
    return this.current.cluster;
  }

  get watch(): VpnWatch {
    return this.watching;
  }

  /** Goes on with another topology, or another generation of the same. */
  succeed(document: NodeDocument, generation: BeatGeneration | null): void {
    const same = JSON.stringify(document.cluster.vpn) === JSON.stringify(this.cluster.vpn);
    this.current = document;
    this.generation = generation;
    if (same) return;
    // The next one begins with what stands: what this one kept stays.
    this.watching.stop();
    this.watching = watchOf(document, () => this.cluster, this.parts);
  }

  stop(): void {
    this.watching.stop();
  }

  observe(): Promise<VpnServerState> {
    const { vpn, server } = placeOf(this.current);
    return observeVpnServer(this.parts.host, vpn, server);
  }

  /** What is wrong with the server itself, a clause each. */
  async unfitness(): Promise<string[]> {
    return vpnTroubles(await this.observe());
  }
}

function watchOf(
  document: NodeDocument,
  cluster: () => Cluster,
  { host, log, tell, hearers }: VpnRunningParts,
): VpnWatch {
  const peers = () => hearers(cluster());
  const watch = new VpnWatch({ ...placeOf(document), host, log, tell, peers });
  watch.start().catch((error: unknown) => log.error({ err: error }, "the VPN server cannot be watched"));
  return watch;
}

function placeOf({ cluster: { vpn }, node }: NodeDocument): {
  readonly vpn: Vpn;
  readonly server: VpnServer;
} {
  if (vpn === null) throw new Error(`${node} is no VPN server`);
  return { vpn, server: vpnServerNamed(vpn, node) };
}
