import type { Host } from "../host/host.js";
import type { Cluster } from "../topology/cluster.js";
import { entrancesOf } from "../topology/select.js";

/**
 * Counts established sessions of `nat` services in the answer of `conntrack -L`. The first src/dst/sport/dport of a
 * line is the packet as the client sent it, before any translation; the second src is who answers.
 */
export function countSessions(cluster: Cluster, table: string): Map<string, number> {
  const services = new Map(entrances(cluster));
  const counts = new Map([...services.values()].map((name) => [name, 0]));
  for (const line of table.split("\n")) {
    const [, address, port, answers] = entry.exec(line) ?? [];
    // What is sent to the address itself, as a copy to a master controller is, passes no service.
    if (answers === address) continue;
    const service = services.get(`${address} ${port}`);
    if (service !== undefined) counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  return counts;
}

const entry = /ESTABLISHED src=\S+ dst=(\S+) sport=\d+ dport=(\d+) .*?src=(\S+)/;

const entrances = (cluster: Cluster): [string, string][] =>
  cluster.services
    .filter(({ mode }) => mode === "nat")
    .flatMap((service) =>
      entrancesOf(cluster, service).map(({ address, port }): [string, string] => [
        `${address} ${port}`,
        service.name,
      ]),
    );

/** Sessions of each `nat` service in the node's kernel; nothing is asked where there is no such service. */
export async function observeNatSessions(host: Host, cluster: Cluster): Promise<Map<string, number>> {
  if (!cluster.services.some(({ mode }) => mode === "nat")) return new Map();
  const families = new Set(
    cluster.virtualIps.flatMap(({ addresses }) => addresses.map(({ family }) => family)),
  );
  const tables = await Promise.all(
    [...families].map((family) =>
      host.run(["conntrack", "-L", "-f", family === 4 ? "ipv4" : "ipv6", "-p", "tcp"]),
    ),
  );
  return countSessions(cluster, tables.map(({ stdout }) => stdout).join("\n"));
}
