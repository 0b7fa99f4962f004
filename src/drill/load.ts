import type { Host } from "../host/host.js";
import type { NodeState } from "../observe/state.js";
import type { Server, Service } from "../topology/cluster.js";

/** Sessions of each of a service's servers, as the engine that carries them counts. */
export async function busiestServer(
  service: Service,
  active: NodeState,
  host: Host,
): Promise<{ server: Server; sessions: number } | null> {
  const counted =
    service.mode === "proxy" ? proxied(service, active) : translated(service, await conntrackTable(host));
  return counted.reduce<{ server: Server; sessions: number } | null>(
    (most, one) => (most === null || one.sessions > most.sessions ? one : most),
    null,
  );
}

const proxied = (service: Service, { haproxy }: NodeState): { server: Server; sessions: number }[] =>
  service.servers.map((server) => ({
    server,
    sessions:
      haproxy.servers.find((state) => state.service === service.name && state.name === server.name)
        ?.sessions ?? 0,
  }));

/**
 * Counts established entries that were translated to the server. conntrack(8) prints both directions of an entry:
 * `ESTABLISHED src=CLIENT dst=VIRTUAL sport=N dport=N src=SERVER dst=CLIENT sport=PORT dport=N`.
 */
export const translated = (service: Service, table: string): { server: Server; sessions: number }[] => {
  const entries = [...table.matchAll(entry)].map(([, asked, answers, port]) => ({ asked, answers, port }));
  return service.servers.map((server) => ({
    server,
    sessions: entries.filter(
      ({ asked, answers, port }) =>
        answers === server.address && asked !== answers && Number(port) === server.port,
    ).length,
  }));
};

const entry = / ESTABLISHED src=\S+ dst=(\S+) sport=\d+ dport=\d+ .*?src=(\S+) dst=\S+ sport=(\d+) /g;

async function conntrackTable(host: Host): Promise<string> {
  const { stdout } = await host.run(["conntrack", "-L", "-p", "tcp"]);
  return stdout;
}
