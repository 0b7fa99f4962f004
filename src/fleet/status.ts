import type { Host } from "../host/host.js";
import { observeNatSessions } from "../observe/conntrack.js";
import { isFit, nodeDown, observeNode } from "../observe/node.js";
import type { NodeState } from "../observe/state.js";
import type { Cluster } from "../topology/cluster.js";

export interface ServiceStatus {
  readonly name: string;
  readonly mode: "proxy" | "nat";
  readonly servers: readonly {
    readonly name: string;
    readonly up: boolean;
    readonly sessions: number | null;
  }[];
  readonly sessions: number;
}

/** The cluster as its nodes' engines describe it, in the shape that `status --json` prints. */
export interface ClusterStatus {
  readonly cluster: string;
  readonly healthy: boolean;
  /** Some node did not answer at all. */
  readonly unreachable: boolean;
  readonly nodes: readonly (NodeState & {
    /** Files, rules, settings or routes differ from the node's own generation. */
    readonly drift: boolean;
  })[];
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
}

/** Asks every node at once; one that cannot be asked (null: known to be off) is down. */
export async function observeCluster(
  cluster: Cluster,
  hosts: ReadonlyMap<string, Host | null>,
): Promise<ClusterStatus> {
  const sightings = await Promise.all(
    [...hosts].map(async ([name, host]): Promise<Sighting> => {
      try {
        if (host === null) return nothingSeen(name);
        const [state, natSessions] = await Promise.all([
          observeNode(host, cluster, name),
          observeNatSessions(host, cluster),
        ]);
        return { state, natSessions };
      } catch {
        return nothingSeen(name);
      }
    }),
  );
  return mergeStatus(cluster, sightings);
}

const nothingSeen = (name: string): Sighting => ({ state: nodeDown(name), natSessions: new Map() });

/** One word on all: healthy means one owner for each address, every node fit and as rendered, and every service with a server up. */
export function mergeStatus(cluster: Cluster, sightings: readonly Sighting[]): ClusterStatus {
  const states = sightings.map(({ state }) => state);
  const virtualIps = cluster.virtualIps.flatMap(({ name, addresses }) =>
    addresses.map(({ address }) => ({
      name,
      address,
      owners: states.filter(({ owned }) => owned.includes(address)).map((state) => state.name),
    })),
  );
  const services = cluster.services.map(({ name, mode }) => serviceStatus(name, mode, sightings));
  return {
    cluster: cluster.name,
    healthy:
      states.every((state) => isFit(state) && !hasDrift(state)) &&
      virtualIps.every(({ owners }) => owners.length === 1) &&
      services.every(({ servers }) => servers.some(({ up }) => up)),
    unreachable: states.some(({ role }) => role === "down"),
    nodes: states.map((state) => ({
      ...state,
      healthy: isFit(state),
      drift: hasDrift(state),
    })),
    virtual_ips: virtualIps,
    services,
  };
}

const hasDrift = ({ rules, drifts }: NodeState): boolean =>
  rules.missing.length + rules.unexpected.length + drifts.length > 0;

/** The active node's word counts; without one, that of any node whose HAProxy answers. */
function serviceStatus(name: string, mode: "proxy" | "nat", sightings: readonly Sighting[]): ServiceStatus {
  const answering = sightings.filter(({ state }) => state.haproxy.process === "running");
  const source = answering.find(({ state }) => state.role === "active") ?? answering[0];
  const servers = (source?.state.haproxy.servers ?? []).filter(({ service }) => service === name);
  const sessions =
    mode === "proxy"
      ? servers.reduce((sum, server) => sum + server.sessions, 0)
      : (source?.natSessions.get(name) ?? 0);
  return {
    name,
    mode,
    servers: servers.map((server) => ({
      name: server.name,
      up: server.up,
      sessions: mode === "proxy" ? server.sessions : null,
    })),
    sessions,
  };
}
