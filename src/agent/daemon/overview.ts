import { ApiError, elsewhere } from "../../api/api-error.js";
import type { DriftItem, MaintenanceNotes } from "../../api/documents.js";
import type { TransactionRecord } from "../../deploy/transaction.js";
import {
  type AgentReport,
  isOfVpnServer,
  type MachineReport,
  type NodeReport,
} from "../../fleet/node-report.js";
import { Refusal } from "../../fleet/refusal.js";
import { nothingSeen, type Sighting, sightingOf } from "../../fleet/sighting.js";
import { type ClusterStatus, mergeStatus } from "../../fleet/status.js";
import { noVpnServerSeen, type VpnSighting, vpnSightingOf } from "../../fleet/vpn-status.js";
import type { Host } from "../../host/host.js";
import type { MirrorReport } from "../../mirror/report.js";
import { observeNatSessions } from "../../observe/conntrack.js";
import { nodeDown, observeNode } from "../../observe/node.js";
import type { Cluster } from "../../topology/cluster.js";
import type { TableFill } from "../conntrack-table/table-fill.js";
import { metricsText } from "../metrics/metrics.js";
import type { Readiness } from "../server/probes.js";
import type { Verdict } from "./drill-book.js";
import { metricsSnapshot } from "./metrics-snapshot.js";
import { agentReport, maintenanceOf } from "./node-report.js";
import type { Running } from "./running.js";
import type { Views } from "./views.js";
import type { VpnRunning } from "./vpn-running.js";

export interface OverviewParts {
  readonly node: string;
  readonly clusterName: string;
  readonly host: Host;
  readonly programVersion: string;
  readonly running: () => Running | null;
  /** Null where this machine is no VPN server. */
  readonly vpn: () => VpnRunning | null;
  readonly record: () => Promise<TransactionRecord | null>;
  /** Its final word has not been carried out yet. */
  readonly ending: () => boolean;
  readonly certificate: () => Date | null;
  /** When the cluster's authority ends, as this node knows it. */
  readonly authority: () => Date | null;
  /** When this node last took over, or lost the virtual IPs; ISO 8601. */
  readonly lastRoleChange: () => string | null;
  readonly drills: () => readonly Verdict[];
  readonly table: () => TableFill | null;
  /** What this node mirrors, beside the path of sessions or in it. */
  readonly mirrors: () => readonly MirrorReport[];
  readonly maintenance: () => MaintenanceNotes;
  readonly unsettled: () => string | null;
  readonly lastTakeover: () => AgentReport["lastTakeover"];
  readonly drift: () => DriftItem[];
  /** The same, a sentence each. */
  readonly drifts: () => readonly string[];
  /** What each other node's agent says of its node; null for one that does not answer. */
  readonly peers: (cluster: Cluster) => Promise<ReadonlyMap<string, MachineReport | null>>;
}

/** Everything that can be looked at through this node's agent. */
export class Overview implements Views {
  private readonly startedAt = Date.now();

  constructor(private readonly parts: OverviewParts) {}

  readiness(): Readiness {
    const running = this.parts.running();
    const vpn = this.parts.vpn();
    if (vpn !== null) {
      const { troubles } = vpn.report;
      return troubles.length === 0
        ? { ready: true, why: "OpenVPN serves" }
        : { ready: false, why: troubles.join(", ") };
    }
    if (running === null) return { ready: false, why: "this node has no topology yet" };
    const { faults, yielding, why, keepalived, haproxy } = running.agent.report();
    if (keepalived !== "running") return { ready: false, why: `keepalived is ${keepalived}` };
    if (haproxy !== "up") return { ready: false, why: `HAProxy is ${haproxy}` };
    if (faults.length > 0) return { ready: false, why: faults.join(", ") };
    return { ready: !yielding, why };
  }

  async state(): Promise<Readonly<Record<string, unknown>>> {
    const { node, running } = this.parts;
    const vpn = this.parts.vpn();
    if (vpn !== null) {
      const report = await vpn.wholeReport();
      return { schema: "holdfast/agent-state/v1", node, cluster: vpn.cluster.name, vpn: report };
    }
    return running()?.agent.state() ?? { schema: "holdfast/agent-state/v1", node, cluster: null };
  }

  drift(): DriftItem[] {
    return this.parts.drift();
  }

  async node(): Promise<MachineReport> {
    const { node, host, running } = this.parts;
    const current = running();
    const vpn = this.parts.vpn();
    const report = await this.report();
    if (vpn !== null) return { ...(await vpn.observe(this.parts.drifts())), vpn: vpn.report, report };
    if (current === null) return { ...nodeDown(node), nat_sessions: {}, report };
    const { cluster } = current.lookout;
    const own = current.agent.state();
    const [state, sessions] = await Promise.all([
      observeNode(host, cluster, node, own),
      observeNatSessions(host, cluster),
    ]);
    return { ...state, nat_sessions: Object.fromEntries(sessions), report };
  }

  /** How this node stands among those that hold virtual IPs. @throws Refusal on a VPN server */
  async standing(): Promise<NodeReport> {
    const report = await this.node();
    if (isOfVpnServer(report)) throw new Refusal(`${report.name} is a VPN server, and holds no virtual IP`);
    return report;
  }

  async status(): Promise<ClusterStatus> {
    const cluster = (this.parts.running()?.lookout ?? this.parts.vpn())?.cluster;
    if (cluster === undefined)
      throw new ApiError(409, "this node has no topology yet: 'holdfast apply' brings one", elsewhere);
    const [own, peers] = await Promise.all([this.node(), this.parts.peers(cluster)]);
    const of = (name: string) => (name === this.parts.node ? own : (peers.get(name) ?? null));
    const nodes = cluster.nodes.map(({ name }): Sighting => {
      const report = of(name);
      return report === null || isOfVpnServer(report)
        ? nothingSeen(name, maintenanceOf(name, this.parts.maintenance()))
        : sightingOf(report);
    });
    const vpnServers = (cluster.vpn?.servers ?? []).map(({ name }): VpnSighting => {
      const report = of(name);
      return report !== null && isOfVpnServer(report) ? vpnSightingOf(report) : noVpnServerSeen(name);
    });
    return mergeStatus(cluster, nodes, vpnServers);
  }

  async metrics(): Promise<string> {
    const {
      node,
      clusterName,
      programVersion,
      running,
      maintenance,
      drift,
      drills,
      authority,
      lastRoleChange,
    } = this.parts;
    const { startedAt } = this;
    return metricsText(
      metricsSnapshot({
        ...{ node, clusterName, programVersion },
        startedAt,
        running: running(),
        vpn: this.parts.vpn()?.report ?? null,
        report: await this.report(),
        drift: drift(),
        drills: drills(),
        maintenance: maintenance(),
        authority: authority(),
        lastRoleChange: lastRoleChange(),
      }),
    );
  }

  private async report(): Promise<AgentReport> {
    const {
      node,
      programVersion,
      running,
      record,
      ending,
      certificate,
      maintenance,
      table,
      mirrors,
      unsettled,
      lastTakeover,
    } = this.parts;
    return agentReport({
      node,
      program: programVersion,
      certificate: certificate(),
      record: await record(),
      ending: ending(),
      unsettled: unsettled(),
      maintenance: maintenance(),
      owners: running()?.lookout.owners ?? [],
      unreached: running()?.agent.report().unreached ?? [],
      unheard: running()?.agent.report().unheard ?? [],
      silentWitnesses: running()?.agent.report().silentWitnesses ?? [],
      sync: running()?.agent.report().sync,
      table: table(),
      mirrors: mirrors(),
      lastTakeover: lastTakeover(),
    });
  }
}
