import type { Cluster, Node } from "../topology/cluster.js";
import { type Machine, machinesOf } from "../topology/machines.js";
import { keepsSessions } from "../topology/select.js";
import { conntrackd } from "./conntrackd.js";
import { distributions, type Engines, usual } from "./engines.js";
import type { FileEngine, RenderedFile } from "./file.js";
import { haproxy } from "./haproxy.js";
import { iptables } from "./iptables.js";
import { keepalived } from "./keepalived.js";
import { multiplexerJson } from "./multiplexer-json.js";
import { networkUnit } from "./network-unit.js";
import { nodeJson } from "./node-json.js";
import { paths } from "./paths.js";
import { routes } from "./routes.js";
import { sysctl } from "./sysctl.js";
import { renderVpnServer } from "./vpn/render-vpn.js";

/** Every template there is. */
export const templates = [keepalived, haproxy, conntrackd, iptables, sysctl, routes, networkUnit] as const;

/** All files of a node, sorted by path, for the engines on its machine. The same input gives the same bytes. @throws on a string no engine may see */
export function renderNode(
  cluster: Cluster,
  node: Node,
  engines: Engines = distributions[usual],
): RenderedFile[] {
  return [
    engineFile(paths.keepalivedConf, "keepalived", keepalived.render(cluster, node)),
    engineFile(paths.haproxyCfg, "haproxy", haproxy.render(cluster, node, engines)),
    ...(keepsSessions(cluster)
      ? [engineFile(paths.conntrackdConf, "conntrackd", conntrackd.render(cluster, node))]
      : []),
    engineFile(paths.rulesV4, "iptables", iptables.render(cluster, node, 4)),
    engineFile(paths.rulesV6, "ip6tables", iptables.render(cluster, node, 6)),
    engineFile(paths.routes, "routes", routes.render(cluster, node)),
    engineFile(paths.nodeJson, "agent", nodeJson(cluster, node)),
    ...multiplexerFile(cluster),
    systemFile(paths.sysctl, "sysctl", sysctl.render(cluster, node)),
    systemFile(paths.networkUnit, "systemd", networkUnit.render(cluster, node)),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function multiplexerFile(cluster: Cluster): RenderedFile[] {
  const body = multiplexerJson(cluster);
  return body === null ? [] : [systemFile(paths.multiplexerJson, "multiplexer", body)];
}

/** All files of a machine, sorted by path. @throws as above */
export function renderMachine(cluster: Cluster, machine: Machine, engines?: Engines): RenderedFile[] {
  if (machine.kind === "node") return renderNode(cluster, machine.node, engines);
  if (cluster.vpn === null) throw new Error(`${machine.name} is a server of no network`);
  return [
    ...renderVpnServer(cluster.vpn, machine.server),
    engineFile(paths.nodeJson, "agent", nodeJson(cluster, machine)),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The files of every machine, by its name: the nodes' and the VPN servers', each in the topology's order. */
export const renderCluster = (cluster: Cluster, engines?: Engines): Map<string, RenderedFile[]> =>
  new Map(machinesOf(cluster).map((machine) => [machine.name, renderMachine(cluster, machine, engines)]));

const root = { user: "root", group: "root" };

/** How the cluster is built concerns root alone; every engine reads its file before it gives up root. */
const engineFile = (path: string, engine: FileEngine, body: string): RenderedFile => ({
  path,
  mode: 0o640,
  owner: root,
  body,
  engine,
});

/** Debian's own files in such places are readable by all, and its tools complain otherwise. */
const systemFile = (path: string, engine: FileEngine, body: string): RenderedFile => ({
  ...engineFile(path, engine, body),
  mode: 0o644,
});
