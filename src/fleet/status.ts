import { isFit, nodeDown } from "../observe/node.js";
import type { NodeState } from "../observe/state.js";
import type { Cluster } from "../topology/cluster.js";
import type { AgentReport, NodeReport } from "./node-report.js";

export interface ServiceStatus {
  readonly name: string;
  readonly mode: "proxy" | "nat";
  readonly port: number;
  readonly servers: readonly {
    readonly name: string;
    readonly up: boolean;
    readonly sessions: number | null;
    /** Taken out of the topology: it takes no new session, and leaves when those that it has have ended. */
    readonly draining: boolean;
  }[];
  readonly sessions: number;
}

/** The cluster as its nodes' engines describe it, in the shape that `status --json` prints. */
export interface ClusterStatus {
  readonly cluster: string;
  readonly healthy: boolean;
  /** Somebody is in service who could take over. */
  readonly redundant: boolean;
  /** Some node did not answer at all. */
  readonly unreachable: boolean;
  readonly nodes: readonly (NodeState & {
    /** Files, rules, settings or routes differ from the node's own generation. */
    readonly drift: boolean;
    /** What only the node's agent can know; null when it was not asked or does not answer. */
    readonly report: AgentReport | null;
    /** "since TIME by NAME", also where only the other nodes can say so; null when in service. */
    readonly maintenance: string | null;
  })[];
  /** A generation that runs on trial: everything goes back at `confirm_by` (ISO 8601). */
  readonly trial: { readonly confirm_by: string; readonly author: string; readonly message: string } | null;
  readonly virtual_ips: readonly {
    readonly name: string;
    readonly address: string;
    readonly owners: readonly string[];
  }[];
  readonly services: readonly ServiceStatus[];
}

/** What was seen of one node. */
export interface Sighting {
  readonly state: NodeState;
  /** Sessions by `nat` service. */
  readonly natSessions: ReadonlyMap<string, number>;
  readonly report?: AgentReport;
  /** What the other nodes know of it: "since TIME by NAME". */
  readonly maintenance?: string;
}

export const sightingOf = ({ nat_sessions, report, ...state }: NodeReport): Sighting => ({
  state: { ...state, role: report.maintenance === null ? state.role : "maintenance" },
  natSessions: new Map(Object.entries(nat_sessions)),
  report,
});

/** @param maintenance what the others know of it: a node in maintenance may be off */
export const nothingSeen = (name: string, maintenance: string | null = null): Sighting => ({
  state: maintenance === null ? nodeDown(name) : { ...nodeDown(name), role: "maintenance" },
  natSessions: new Map(),
  ...(maintenance === null ? {} : { maintenance }),
});

/**
 * One word on all: healthy means one owner for each address, every node fit, settled and as rendered, all on one
 * generation, every service with a server up, and somebody who could take over. A node in maintenance is not asked to be
 * any of that, and takes nothing over.
 */
export function mergeStatus(cluster: Cluster, sightings: readonly Sighting[]): ClusterStatus {
  const states = sightings.map(({ state }) => state);
  const serving = sightings.filter(({ state }) => state.role !== "maintenance");
  const virtualIps = cluster.virtualIps.flatMap(({ name, addresses }) =>
    addresses.map(({ address }) => ({
      name,
      address,
      owners: states.filter(({ owned }) => owned.includes(address)).map((state) => state.name),
    })),
  );
  const redundant = serving.length >= Math.min(cluster.nodes.length, 2);
  const services = cluster.services.map((service) => serviceStatus(service, sightings));
  return {
    cluster: cluster.name,
    redundant,
    healthy:
      redundant &&
      serving.every((sighting) => isWell(sighting)) &&
      new Set(serving.map(({ state: { generation } }) => `${generation?.number} ${generation?.digest}`))
        .size === 1 &&
      virtualIps.every(({ owners }) => owners.length === 1) &&
      services.every(({ servers }) => servers.some(({ up }) => up)),
    unreachable: states.some(({ role }) => role === "down"),
    nodes: sightings.map((sighting) => ({
      ...sighting.state,
      healthy: isWell(sighting),
      drift: hasDrift(sighting.state),
      report: sighting.report ?? null,
      maintenance: sighting.report?.maintenance ?? sighting.maintenance ?? null,
    })),
    trial: trialOf(sightings),
    virtual_ips: virtualIps,
    services,
  };
}

const isWell = ({ state, report }: Sighting): boolean =>
  isFit(state) &&
  !hasDrift(state) &&
  (report === undefined ||
    (report.unsettled === null &&
      report.twoOwners.length === 0 &&
      !report.unreached?.length &&
      !report.sync?.why));

function trialOf(sightings: readonly Sighting[]): ClusterStatus["trial"] {
  for (const { report } of sightings) {
    const { confirm_by, author, message } = report?.transaction ?? {};
    if (confirm_by && author !== undefined && message !== undefined) return { confirm_by, author, message };
  }
  return null;
}

const hasDrift = ({ rules, drifts }: NodeState): boolean =>
  rules.missing.length + rules.unexpected.length + drifts.length > 0;

/** The active node's word counts; without one, that of any node whose HAProxy answers. */
function serviceStatus(
  { name, mode, listen, servers: pool }: Cluster["services"][number],
  sightings: readonly Sighting[],
): ServiceStatus {
  const answering = sightings.filter(({ state }) => state.haproxy.process === "running");
  const source = answering.find(({ state }) => state.role === "active") ?? answering[0];
  const names = new Set(pool.map((server) => server.name));
  const servers = (source?.state.haproxy.servers ?? []).filter(
    (server) => server.service === name && (names.has(server.name) || server.sessions > 0),
  );
  const sessions =
    mode === "proxy"
      ? servers.reduce((sum, server) => sum + server.sessions, 0)
      : (source?.natSessions.get(name) ?? 0);
  return {
    name,
    mode,
    port: listen.port,
    servers: servers.map((server) => ({
      name: server.name,
      up: server.up,
      sessions: mode === "proxy" ? server.sessions : null,
      draining: !names.has(server.name) || server.status.startsWith("DRAIN"),
    })),
    sessions,
  };
}
