import { formatDuration } from "../../topology/duration.js";
import type { WrittenCheck } from "../haproxy/proxy.js";
import type { ImportedFailover, ImportedService, ImportedTopology } from "./imported.js";
import { list, looks, map, scalar } from "./yaml-words.js";

/** The topology as a file, with what a human has to look at in comments that begin with `LOOK`. */
export function topologyText(topology: ImportedTopology): string {
  const { networks, nodes, routes, virtualIps, services, nat, agentPort } = topology;
  return [
    ...heading,
    ...looks(topology.remarks, 0),
    `cluster: ${scalar(topology.cluster)}`,
    "",
    "networks:",
    ...networks.flatMap(({ name, cidrs, virtualRouterId, remarks }) => [
      ...looks(remarks, 2),
      `  ${scalar(name)}: ${map({ cidr: list(cidrs), virtual_router_id: virtualRouterId })}`,
    ]),
    "",
    "nodes:",
    ...nodes.flatMap(({ name, interfaces, remarks }) => [
      ...looks(remarks, 2),
      `  - name: ${scalar(name)}`,
      "    interfaces:",
      ...interfaces.map(
        ({ network, device, addresses }) =>
          `      ${scalar(network)}: ${map({ device: scalar(device), address: list(addresses) })}`,
      ),
    ]),
    ...part(
      "routes:",
      routes.map(
        ({ destination, via }) => `  - ${map({ destination: scalar(destination), via: scalar(via) })}`,
      ),
    ),
    "",
    "failover:",
    ...failover(topology.failover),
    "",
    "virtual_ips:",
    ...virtualIps.map(
      ({ name, network, addresses }) =>
        `  - ${map({ name: scalar(name), network: scalar(network), address: list(addresses) })}`,
    ),
    ...part("services:", services.flatMap(service)),
    ...translations(nat),
    ...part("agent:", agentPort === null ? [] : [`  port: ${agentPort}`]),
    "",
  ].join("\n");
}

const heading = [
  "# yaml-language-server: $schema=./topology.schema.json",
  "# Made by 'holdfast import' of files that were written by hand. Whatever needs a human begins with LOOK; what no",
  "# file says is FILL-IN, which 'holdfast validate' refuses.",
];

const part = (name: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", name, ...lines];

function failover({
  advertInterval,
  downAdverts,
  preempt,
  preemptDelay,
  remarks,
}: ImportedFailover): string[] {
  const profile = new Map([
    [1000, "conservative"],
    [100, "balanced"],
    [20, "fast"],
  ]).get(advertInterval);
  return [
    ...looks(remarks, 2),
    profile === undefined ? `  advert_interval: ${formatDuration(advertInterval)}` : `  profile: ${profile}`,
    ...(downAdverts === 3 ? [] : [`  down_adverts: ${downAdverts}`]),
    `  preempt: ${preempt}`,
    ...(preemptDelay === null ? [] : [`  preempt_delay: ${formatDuration(preemptDelay)}`]),
  ];
}

function service(each: ImportedService): string[] {
  const { name, virtualIp, port, mode, balance, transparent, check, servers, remarks } = each;
  return [
    ...looks(remarks, 2),
    `  - name: ${scalar(name)}`,
    `    listen: ${map({ virtual_ip: scalar(virtualIp), port })}`,
    `    mode: ${mode}`,
    `    balance: ${balance}`,
    ...(transparent ? ["    transparent: true"] : []),
    ...(check === null ? [] : [`    health_check: ${map(checkKeys(check))}`]),
    "    servers:",
    ...servers.map((server) => {
      const { address, weight, backup } = server;
      return `      - ${map({
        ...{ name: scalar(server.name), address: scalar(address), port: server.port },
        ...{ weight: weight === 1 ? null : weight, backup: backup ? "true" : null },
      })}`;
    }),
  ];
}

const checkKeys = (check: WrittenCheck): Record<string, string | number | null> => ({
  type: check.type,
  interval: formatDuration(check.interval),
  timeout: check.timeout === null ? null : formatDuration(check.timeout),
  rise: check.rise,
  fall: check.fall,
  openflow_versions:
    check.openflowVersions === null
      ? null
      : `[${check.openflowVersions.map((each) => JSON.stringify(each)).join(", ")}]`,
  path: check.path === null ? null : JSON.stringify(check.path),
  expect: check.expect,
});

function translations({ destination, source }: ImportedTopology["nat"]): string[] {
  if (destination.length + source.length === 0) return [];
  return [
    "",
    "nat:",
    ...(destination.length === 0 ? [] : ["  destination:"]),
    ...destination.map(
      ({ inbound, address, port, service: name }) =>
        `    - ${map({ inbound: scalar(inbound), address: scalar(address), port, service: scalar(name) })}`,
    ),
    ...(source.length === 0 ? [] : ["  source:"]),
    ...source.map(({ from, outbound, to }) => {
      const target =
        "virtualIp" in to ? { virtual_ip: scalar(to.virtualIp) } : { address: scalar(to.address) };
      return `    - ${map({ from: scalar(from), outbound: scalar(outbound), translate_to: map(target) })}`;
    }),
  ];
}
