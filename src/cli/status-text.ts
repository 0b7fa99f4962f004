import type { ClusterStatus } from "../fleet/status.js";
import type { NodeState } from "../observe/state.js";
import type { Cluster } from "../topology/cluster.js";
import type { Paint } from "./plan-text.js";
import { count } from "./topology-file.js";

/** `status` for people: a line for the cluster, one a node, one a virtual IP, one a service. */
export function statusText(cluster: Cluster, status: ClusterStatus, paint: Paint): string {
  const health = status.healthy
    ? paint("green", "healthy")
    : paint("red", status.unreachable ? "unreachable" : "degraded");
  const generation = status.nodes.find((node) => node.generation !== null)?.generation;
  const name = status.cluster.length;
  const title = generation ? `   generation ${generation.number} (${generation.digest.slice(0, 6)})` : "";
  const nodes = status.nodes.map((node) => [node.name, node.role, nodeWords(node)]);
  const addresses = status.virtual_ips.map(({ name: label, address, owners }) => [
    label,
    address,
    owners.length === 1
      ? (owners[0] ?? "")
      : owners.length === 0
        ? "no owner"
        : `${owners.length} owners: ${owners.join(", ")}`,
  ]);
  const services = status.services.map((service) => {
    const port = cluster.services.find((candidate) => candidate.name === service.name)?.listen.port;
    const servers = service.servers.map(
      ({ name: server, up, sessions }) =>
        `${server} ${up ? "up" : "DOWN"}${sessions === null ? "" : ` ${sessions}`}`,
    );
    return [
      service.name,
      `:${port} ${service.mode}`,
      `${servers.join("  ") || "no server known"}   ${count(service.sessions, "session")}`,
    ];
  });
  const rows = [...nodes, ...addresses, ...services];
  const widths = [0, 1].map((column) => Math.max(name, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([first = "", second = "", third = ""]) =>
    `  ${first.padEnd(widths[0] ?? 0)}   ${second.padEnd(widths[1] ?? 0)}   ${third}`.trimEnd(),
  );
  return `${[`${paint("bold", status.cluster)}   ${health}${title}`, ...lines].join("\n")}\n`;
}

/** `keepalived haproxy agent ok`, or what is wrong with whom. */
function nodeWords(node: NodeState): string {
  if (node.role === "down") return "does not answer";
  const troubles = [
    ...(node.keepalived.process === "running" ? [] : [`keepalived ${node.keepalived.process}`]),
    ...(node.haproxy.process === "running" ? [] : [`haproxy ${node.haproxy.process}`]),
    ...(node.agent === null ? ["agent dead"] : node.agent.faults),
    ...(node.yielding ? [`yields: ${node.agent?.why ?? "nobody says why"}`] : []),
    ...(node.rules.missing.length + node.rules.unexpected.length > 0
      ? ["rules differ from the rendered ones"]
      : []),
    ...node.drifts,
  ];
  return troubles.length === 0 ? "keepalived haproxy agent ok" : troubles.join(", ");
}
