import type { Cluster, Family, Server, Service } from "../../topology/cluster.js";
import { type Life, type Lives, placeOf } from "./lives.js";

/** A server of a `nat` service whose sessions are over although the kernel still carries them. */
export interface LostServer {
  readonly service: Service;
  readonly server: Server;
}

/** Milliseconds between two of HAProxy's words on its servers, and some. */
const slack = 250;

/**
 * The servers that are dead while another of their service lives, to which their clients can turn. All servers down at
 * once is somebody else's fault, and may pass: nobody's session is ended for it. Servers do not fall, or come back, in
 * one moment though: each is checked at its own time. So a living one counts when it has passed a check since the other
 * one was dead, that is, after an interval and a timeout in which nothing changed.
 *
 * One that refuses while another was alive all along is lost at once: its own machine says that no process is there, and
 * with the process went its sessions, whatever becomes of the others.
 */
export function lostServers(cluster: Cluster, lives: Lives, now: number): LostServer[] {
  return cluster.services
    .filter(({ mode }) => mode === "nat")
    .flatMap((service) => {
      const lifeOf = ({ name }: Server) => lives.get(placeOf(service.name, name));
      const living = (family: Family): Life[] =>
        service.servers
          .filter((server) => server.family === family && server.weight > 0)
          .flatMap((server) => lifeOf(server) ?? [])
          .filter(({ state }) => state === "up");
      return service.servers
        .filter((server) => isLost(service, lifeOf(server), living(server.family), now))
        .map((server) => ({ service, server }));
    });
}

function isLost(
  { healthCheck }: Service,
  own: Life | undefined,
  siblings: readonly Life[],
  now: number,
): boolean {
  if (own?.state !== "down" || siblings.length === 0) return false;
  const eldest = Math.min(...siblings.map(({ since }) => since));
  if (own.refused && eldest < own.since) return true;
  return now - Math.max(own.since, eldest) >= healthCheck.interval + healthCheck.timeout + slack;
}
