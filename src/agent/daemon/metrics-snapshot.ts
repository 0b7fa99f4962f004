import type { DriftItem, MaintenanceNotes } from "../../api/documents.js";
import type { AgentReport } from "../../fleet/node-report.js";
import { isDraining } from "../../fleet/service-status.js";
import { type FaultKind, faultKinds } from "../judgement/faults.js";
import { peerSilence } from "../metrics/peer-silence.js";
import { rivalsOf } from "../metrics/rivals.js";
import type { MetricsSnapshot } from "../metrics/snapshot.js";
import { witnessStates } from "../metrics/witness-states.js";
import { syncOff } from "../sync/sync-report.js";
import type { VpnReport } from "../vpn/vpn-report.js";
import type { Verdict } from "./drill-book.js";
import type { Running } from "./running.js";

export interface Measured {
  readonly node: string;
  readonly clusterName: string;
  readonly programVersion: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly running: Running | null;
  /** Null where this machine is no VPN server; one holds no virtual IP. */
  readonly vpn: VpnReport | null;
  readonly report: AgentReport;
  readonly drift: readonly DriftItem[];
  readonly drills: readonly Verdict[];
  readonly maintenance: MaintenanceNotes;
  readonly authority: Date | null;
  /** ISO 8601. */
  readonly lastRoleChange: string | null;
}

/** What a scrape tells, of what the agent knows without asking anybody. */
export function metricsSnapshot({
  node,
  clusterName,
  programVersion,
  startedAt,
  running,
  vpn,
  report,
  drift,
  drills,
  maintenance,
  authority,
  lastRoleChange,
}: Measured): MetricsSnapshot {
  const health = running?.agent.report();
  const { user, system } = process.cpuUsage();
  const confirmBy = report.transaction?.confirm_by ?? null;
  return {
    ...{ node, cluster: clusterName, programVersion },
    role: vpn === null ? roleOf(running, report) : null,
    faults: faultsOf(health?.faults ?? []),
    drift,
    generation: health?.generation?.number ?? null,
    confirmBy: confirmBy === null ? null : Date.parse(confirmBy),
    certificateExpiry: report.certificateExpires === null ? null : Date.parse(report.certificateExpires),
    authorityExpiry: authority?.getTime() ?? null,
    lastRoleChange: lastRoleChange === null ? null : Date.parse(lastRoleChange),
    services: servicesOf(running),
    drills: drills.map(({ drill, passed, at }) => ({ drill, passed, at: Date.parse(at) })),
    peers: (health?.peers ?? []).map(({ name, ready }) => ({
      ...{ name, ready, inMaintenance: maintenance[name]?.on === true },
    })),
    links:
      running === null
        ? []
        : peerSilence(running.lookout.cluster, running.lookout.document.node, health?.unheard ?? []),
    witnesses: running === null ? [] : witnessStates(running.lookout.cluster, health?.silentWitnesses ?? []),
    rivals:
      running === null
        ? []
        : rivalsOf(running.lookout.cluster, running.lookout.document.node, running.lookout.owners),
    released: running?.counts.released ?? 0,
    sync: health?.sync ?? syncOff,
    table: report.table ?? null,
    mirrors: report.mirrors ?? [],
    vpn,
    lastFailoverGap: report.lastTakeover?.gap ?? null,
    process: {
      startedAt,
      cpuTime: (user + system) / 1_000,
      residentBytes: process.memoryUsage.rss(),
    },
  };
}

function roleOf(running: Running | null, { maintenance }: AgentReport): MetricsSnapshot["role"] {
  if (maintenance !== null) return "maintenance";
  const roles = [...(running?.agent.report().roles.values() ?? [])];
  if (roles.length === 0) return "fault";
  if (roles.every((role) => role === "master")) return "active";
  return roles.every((role) => role === "backup") ? "standby" : "fault";
}

/** A fault may concern one network: `network-dead:switches`. */
function faultsOf(raised: readonly string[]): Record<FaultKind, boolean> {
  const kinds = new Set(raised.map((name) => name.split(":")[0]));
  return Object.fromEntries(faultKinds.map((kind) => [kind, kinds.has(kind)])) as Record<FaultKind, boolean>;
}

/** HAProxy counts the sessions of proxy services; those of `nat` services are conntrack's, which is asked for status alone. */
function servicesOf(running: Running | null): MetricsSnapshot["services"] {
  const servers = running?.agent.report().servers ?? [];
  return (running?.lookout.cluster.services ?? []).map(({ name, mode, mirror, servers: pool }) => {
    const own = servers.filter(({ service }) => service === name);
    const sessions = sum(own.map((server) => server.sessions));
    return {
      name,
      sessions: mode === "proxy" && own.length > 0 ? sessions : null,
      ended: mode === "nat" ? (running?.counts.ended.get(name) ?? 0) : null,
      past: mirror?.via === "inline" && own.length > 0 ? sum(own.map(({ past = 0 }) => past)) : null,
      servers: own.map((server) => ({
        ...{ name: server.name, up: server.up, draining: isDraining(pool, server) },
      })),
    };
  });
}

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);
