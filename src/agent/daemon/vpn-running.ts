import type { Logger } from "pino";
import type { Host } from "../../host/host.js";
import { observeVpnServer, type VpnServerState, vpnTroubles } from "../../observe/vpn-server.js";
import type { NodeDocument } from "../../render/node-json.js";
import type { Cluster } from "../../topology/cluster.js";
import { vpnServerNamed } from "../../topology/vpn-select.js";
import type { BeatGeneration } from "../beats/beat.js";
import type { ClaimHearer } from "../vpn/claim-spread.js";
import { VpnKeeper } from "../vpn/vpn-keeper.js";
import type { VpnReport, VpnReportWithRoutes } from "../vpn/vpn-report.js";
import { shared } from "./shared-views.js";
import type { Tell } from "./tell.js";

export interface VpnRunningParts {
  readonly host: Host;
  readonly log: Logger;
  readonly tell: Tell;
  /** The other servers' agents. */
  readonly hearers: (cluster: Cluster) => readonly ClaimHearer[];
}

/** What watches a VPN server by the topology that runs. */
export class VpnRunning {
  readonly keeper: VpnKeeper;

  constructor(
    private document: NodeDocument,
    public generation: BeatGeneration | null,
    private readonly parts: VpnRunningParts,
  ) {
    const { host, log, tell, hearers } = parts;
    this.keeper = new VpnKeeper({ host, log, tell, peers: () => hearers(this.cluster) });
    this.keeper.follow(document.cluster.vpn, document.node);
  }

  get cluster(): Cluster {
    return this.document.cluster;
  }

  get report(): VpnReport {
    return this.keeper.report ?? unwatched(this.document.node);
  }

  /** One look for all who ask at about the same time: there may be a hundred thousand routes. */
  readonly wholeReport = shared(async (): Promise<VpnReportWithRoutes> => {
    const routes = await this.keeper.routes();
    return { ...this.report, routes };
  });

  /** Goes on with another topology, or another generation of the same. */
  succeed(document: NodeDocument, generation: BeatGeneration | null): void {
    this.document = document;
    this.generation = generation;
    this.keeper.follow(document.cluster.vpn, document.node);
  }

  stop(): void {
    this.keeper.stop();
  }

  /** @param drifts sentences */
  observe(drifts: readonly string[]): Promise<VpnServerState> {
    const { cluster, node } = this.document;
    if (cluster.vpn === null) throw new Error(`${node} is no VPN server`);
    return observeVpnServer(this.parts.host, cluster.vpn, vpnServerNamed(cluster.vpn, node), drifts);
  }

  /** What is wrong with the server itself, a clause each. */
  async unfitness(): Promise<string[]> {
    return vpnTroubles(await this.observe([]));
  }
}

const unwatched = (server: string): VpnReport => ({
  ...{ server, attached: false, counted: false, clients: [], held: 0, peers: [] },
  troubles: ["nobody watches who is connected: the agent's watch could not begin"],
});
