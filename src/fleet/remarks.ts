import type { ServiceStatus } from "./service-status.js";
import type { ClusterStatus } from "./status.js";

/** What is worth a word beside "healthy" or "degraded": addresses of two nodes, who is missing where the next failure is an outage, dead servers. */
export function remarksOn({ redundant, nodes, services, virtual_ips }: ClusterStatus): string[] {
  const twice = new Set(virtual_ips.flatMap(({ name, owners }) => (owners.length > 1 ? name : [])));
  const shared = twice.size === 0 ? [] : [`two nodes own ${[...twice].join(" and ")}`];
  const away = nodes.flatMap(({ name, role }) => (role === "maintenance" ? name : []));
  const alone =
    redundant || away.length === 0 ? [] : [`${away.join(" and ")} in maintenance, nobody could take over`];
  return [...shared, ...alone, ...services.flatMap(serverWords)];
}

function serverWords({ name, servers, redundant }: ServiceStatus): string[] {
  const wanted = servers.filter(({ draining }) => !draining);
  const down = wanted.filter(({ up }) => !up).map((server) => server.name);
  const [last, ...others] = wanted.filter(({ up }) => up).map((server) => server.name);
  if (down.length === 0) return [];
  if (last === undefined) return [`no server of ${name} is up`];
  if (!redundant && others.length === 0) return [`${last} is the last server of ${name}`];
  return [`${down.join(" and ")} of ${name} ${down.length > 1 ? "are" : "is"} down`];
}
