import type { LiveNode, LivePicture, LiveService } from "../api/live.js";
import { troublesOf } from "./node-troubles.js";
import { remarksOn } from "./remarks.js";
import type { ServiceStatus } from "./service-status.js";
import type { ClusterStatus } from "./status.js";

type NodeStatus = ClusterStatus["nodes"][number];

/** A status as a page draws it: a twentieth of the bytes, for it is told again with every change. */
export const livePicture = (status: ClusterStatus, at: string): LivePicture => ({
  ...{ kind: "picture", at, healthy: status.healthy, redundant: status.redundant },
  remarks: remarksOn(status),
  nodes: status.nodes.map((node) => liveNode(node, status)),
  virtual_ips: status.virtual_ips.map(({ name, address, owners }) => ({
    name,
    address,
    owners: [...owners],
  })),
  services: status.services.map((service) => liveService(service, status.nodes)),
  vpn_servers: (status.vpn_servers ?? []).map(({ name, role, healthy, troubles, clients }) => ({
    ...{ name, role, healthy, clients },
    troubles: [...troubles],
  })),
  trial: status.trial,
});

const liveNode = (node: NodeStatus, { nodes }: ClusterStatus): LiveNode => ({
  ...{ name: node.name, role: node.role, healthy: node.healthy, drift: node.drift },
  troubles: troublesOf(node),
  why: node.agent?.why ?? null,
  generation: node.generation,
  maintenance: node.maintenance,
  program: node.report?.program ?? null,
  certificate_expires: node.report?.certificateExpires ?? null,
  last_takeover: node.report?.lastTakeover ?? null,
  sync: node.report?.sync?.state ?? null,
  contradicts: contradictions(node, nodes),
});

/** Of whom the active node says otherwise, whose word counts. */
function contradictions(node: NodeStatus, nodes: readonly NodeStatus[]): string[] {
  const active = nodes.find(({ role }) => role === "active");
  if (active === undefined || active.name === node.name) return [];
  const said = new Map(active.haproxy.servers.map(({ service, name, up }) => [`${name} of ${service}`, up]));
  return node.haproxy.servers.flatMap(({ service, name, up }) => {
    const other = said.get(`${name} of ${service}`);
    return other === undefined || other === up ? [] : [`${name} of ${service} is ${up ? "up" : "down"}`];
  });
}

function liveService(service: ServiceStatus, nodes: readonly NodeStatus[]): LiveService {
  const { name, mode, port, redundant, sessions, mirror } = service;
  const counted = nodes.find(({ role }) => role === "active")?.haproxy.servers ?? [];
  const rateOf = (server: string): number | null =>
    mode === "nat"
      ? null
      : (counted.find((each) => each.service === name && each.name === server)?.rate ?? null);
  const servers = service.servers.map((server) => ({ ...server, rate: rateOf(server.name) }));
  const rates = servers.flatMap(({ rate }) => rate ?? []);
  return {
    ...{ name, mode, port, redundant, sessions, servers },
    rate: rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0),
    mirror: mirror === undefined ? null : mirrorOf(mirror),
  };
}

const mirrorOf = (mirror: NonNullable<ServiceStatus["mirror"]>): LiveService["mirror"] => {
  const { to, via, connected, switches, messages, dropped, queued, why } = mirror;
  return { to, via, connected, switches, messages, dropped, queued, why };
};
