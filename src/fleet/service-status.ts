import type { ServerState } from "../observe/state.js";
import type { Service } from "../topology/cluster.js";
import { type MirrorStatus, mirrorStatus } from "./mirror-status.js";
import type { Sighting } from "./sighting.js";

/** A service as the engines of one node describe it, in the shape that `status --json` prints. */
export interface ServiceStatus {
  readonly name: string;
  readonly mode: "proxy" | "nat";
  readonly port: number;
  readonly servers: readonly {
    readonly name: string;
    readonly up: boolean;
    readonly sessions: number | null;
    /** Taken out of the topology, or without a weight: it takes no new session, and keeps those that it has. */
    readonly draining: boolean;
  }[];
  readonly sessions: number;
  /** A server may die and the service goes on; of a service with one server no more is asked than that one. */
  readonly redundant: boolean;
  /** What the master controller gets; left out of a service without a mirror. */
  readonly mirror?: MirrorStatus;
}

/** The active node's word counts; without one, that of any node whose HAProxy answers. */
export function serviceStatus(
  { name, mode, listen, servers: pool, mirror }: Service,
  sightings: readonly Sighting[],
): ServiceStatus {
  const answering = sightings.filter(({ state }) => state.haproxy.process === "running");
  const source = answering.find(({ state }) => state.role === "active") ?? answering[0];
  const names = new Set(pool.map((server) => server.name));
  const found = (source?.state.haproxy.servers ?? []).filter(
    (server) => server.service === name && (names.has(server.name) || server.sessions > 0),
  );
  const sessions =
    mode === "proxy"
      ? found.reduce((sum, server) => sum + server.sessions, 0)
      : (source?.natSessions.get(name) ?? 0);
  const servers = found.map((server) => ({
    name: server.name,
    up: server.up,
    sessions: mode === "proxy" ? server.sessions : null,
    draining: isDraining(pool, server),
  }));
  const wanted = pool.filter(({ weight }) => weight > 0).length;
  const alive = servers.filter(({ up, draining }) => up && !draining).length;
  const redundant = alive >= Math.min(2, wanted);
  const service = { name, mode, port: listen.port, servers, sessions, redundant };
  return mirror ? { ...service, mirror: mirrorStatus(mirror, name, sightings) } : service;
}

/** Whether it is meant to get no new sessions, and so is not missed. */
export const isDraining = (pool: Service["servers"], server: Pick<ServerState, "name" | "status">): boolean =>
  !pool.some(({ name }) => name === server.name) || server.status.startsWith("DRAIN");
