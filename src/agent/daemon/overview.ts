import { ApiError, elsewhere } from "../../api/api-error.js";
import type { DriftItem, MaintenanceNotes } from "../../api/documents.js";
import type { TransactionRecord } from "../../deploy/transaction.js";
import type { AgentReport, NodeReport } from "../../fleet/node-report.js";
import { nothingSeen, type Sighting, sightingOf } from "../../fleet/sighting.js";
import { type ClusterStatus, mergeStatus } from "../../fleet/status.js";
import type { Host } from "../../host/host.js";
import type { MirrorReport } from "../../mirror/report.js";
import { observeNatSessions } from "../../observe/conntrack.js";
import { nodeDown, observeNode } from "../../observe/node.js";
import type { Cluster } from "../../topology/cluster.js";
import type { TableFill } from "../conntrack-table/table-fill.js";
import { metricsText } from "../metrics/metrics.js";
import type { Readiness } from "../server/probes.js";
import { metricsSnapshot } from "./metrics-snapshot.js";
import { agentReport, maintenanceOf } from "./node-report.js";
import type { Running } from "./running.js";
import type { Views } from "./views.js";

export interface OverviewParts {
  readonly node: string;
  readonly host: Host;
  readonly programVersion: string;
  readonly running: () => Running | null;
  readonly record: () => Promise<TransactionRecord | null>;
  /** Its final word has not been carried out yet. */
  readonly ending: () => boolean;
  readonly certificate: () => Date | null;
  /** When the cluster's authority ends, as this node knows it. */
  readonly authority: () => Date | null;
  /** When this node last took over, or lost the virtual IPs; ISO 8601. */
  readonly lastRoleChange: () => string | null;
  readonly table: () => TableFill | null;
  /** What this node mirrors, beside the path of sessions or in it. */
  readonly mirrors: () => readonly MirrorReport[];
  readonly maintenance: () => MaintenanceNotes;
  readonly unsettled: () => string | null;
  readonly lastTakeover: () => AgentReport["lastTakeover"];
  readonly drift: () => DriftItem[];
  /** What each other node's agent says of its node; null for one that does not answer. */
  readonly peers: (cluster: Cluster) => Promise<ReadonlyMap<string, NodeReport | null>>;
}

/** Everything that can be looked at through this node's agent. */
export class Overview implements Views {
  private readonly startedAt = Date.now();

  constructor(private readonly parts: OverviewParts) {}

  readiness(): Readiness {
    const running = this.parts.running();
    if (running === null) return { ready: false, why: "this node has no topology yet" };
    const { faults, yielding, why, keepalived, haproxy } = running.agent.report();
    if (keepalived !== "running") return { ready: false, why: `keepalived is ${keepalived}` };
    if (haproxy !== "up") return { ready: false, why: `HAProxy is ${haproxy}` };
    if (faults.length > 0) return { ready: false, why: faults.join(", ") };
    return { ready: !yielding, why };
  }

  state(): Readonly<Record<string, unknown>> {
    const { node, running } = this.parts;
    return running()?.agent.state() ?? { schema: "holdfast/agent-state/v1", node, cluster: null };
  }

  drift(): DriftItem[] {
    return this.parts.drift();
  }

  async node(): Promise<NodeReport> {
    const { node, host, running } = this.parts;
    const current = running();
    const report = await this.report();
    if (current === null) return { ...nodeDown(node), nat_sessions: {}, report };
    const { cluster } = current.lookout;
    const own = current.agent.state();
    const [state, sessions] = await Promise.all([
      observeNode(host, cluster, node, own),
      observeNatSessions(host, cluster),
    ]);
    return { ...state, nat_sessions: Object.fromEntries(sessions), report };
  }

  async status(): Promise<ClusterStatus> {
    const cluster = this.parts.running()?.lookout.cluster;
    if (cluster === undefined)
      throw new ApiError(409, "this node has no topology yet: 'holdfast apply' brings one", elsewhere);
    const [own, peers] = await Promise.all([this.node(), this.parts.peers(cluster)]);
    const sightings = cluster.nodes.map(({ name }): Sighting => {
      const report = name === this.parts.node ? own : peers.get(name);
      return report ? sightingOf(report) : nothingSeen(name, maintenanceOf(name, this.parts.maintenance()));
    });
    return mergeStatus(cluster, sightings);
  }

  async metrics(): Promise<string> {
    const { programVersion, running, drift, authority, lastRoleChange } = this.parts;
    const { startedAt } = this;
    return metricsText(
      metricsSnapshot({
        programVersion,
        startedAt,
        running: running(),
        report: await this.report(),
        drift: drift(),
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
      sync: running()?.agent.report().sync,
      table: table(),
      mirrors: mirrors(),
      lastTakeover: lastTakeover(),
    });
  }
}
