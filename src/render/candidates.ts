import type { Family, Server, Service } from "../topology/cluster.js";

/**
 * The servers among which a `nat` service's new sessions are shared out: all ordinary ones while one of them is up, dead
 * ones included. As in HAProxy, a backup serves only while no ordinary server is up, and only the first one that is; of
 * weight 0 a server gets none. Empty when nobody is up.
 */
export function candidates(service: Service, family: Family, up: ReadonlySet<string>): readonly Server[] {
  const pool = service.servers.filter((server) => server.family === family && server.weight > 0);
  const ordinary = pool.filter(({ backup }) => !backup);
  if (ordinary.some(({ name }) => up.has(name))) return ordinary;
  const backup = pool.find((server) => server.backup && up.has(server.name));
  return backup ? [backup] : [];
}
