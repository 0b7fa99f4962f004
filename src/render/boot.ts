import type { Cluster, Family, Node } from "../topology/cluster.js";
import { entrances, prefix, tableNames } from "./chains.js";
import { speaks } from "./devices.js";
import { paths, routeProtocol } from "./paths.js";
import { transparentMark } from "./transparent.js";

/** One command of a node's start, before any engine: rules, then kernel settings, then routes. */
export interface BootCommand {
  readonly argv: readonly string[];
  /** A failure is expected where there is nothing to undo. */
  readonly mayFail: boolean;
}

/**
 * What a node runs once before its engines. The rules come first, so that no service is reachable without them, and
 * because the setting of conntrack exists only once a rule has loaded it. A device that is missing costs its own settings
 * and routes alone: `sysctl -e` and `ip -force` go on behind what fails.
 */
export function bootCommands(cluster: Cluster, _node: Node): BootCommand[] {
  return [
    { argv: ["/usr/bin/mkdir", "-p", paths.runDir], mayFail: false },
    ...rules(cluster, 4, "/usr/sbin/iptables", paths.rulesV4),
    ...rules(cluster, 6, "/usr/sbin/ip6tables", paths.rulesV6),
    { argv: ["/usr/sbin/sysctl", "-e", "-q", "-p", paths.sysctl], mayFail: false },
    ...([4, 6] as const).filter((family) => speaks(cluster, family)).flatMap(wayBackCommands),
    { argv: ["/usr/sbin/ip", "-force", "-batch", paths.routes], mayFail: false },
  ];
}

/**
 * The way back of transparent sessions. It is always there, so that a service can become transparent while the node
 * runs; without a marked packet it does nothing. iproute2 has no `rule replace`: ours go before they come.
 */
export const wayBackCommands = (family: Family): BootCommand[] =>
  [
    ["rule", "flush", "protocol", protocol],
    ["route", "replace", "local", "default", "dev", "lo", "table", protocol, "proto", protocol],
    [
      "rule",
      "add",
      "fwmark",
      transparentMark,
      "lookup",
      protocol,
      "priority",
      protocol,
      "protocol",
      protocol,
    ],
  ].map((args) => ({ argv: ["/usr/sbin/ip", `-${family}`, ...args], mayFail: false }));

const protocol = String(routeProtocol);

/** The jumps of an earlier start go first: the file brings its own. A kernel without IPv6 may run an IPv4 cluster. */
function rules(cluster: Cluster, family: Family, program: string, file: string): BootCommand[] {
  const wait = ["-w", "5"];
  return [
    ...tableNames.flatMap((table) =>
      entrances[table].map((builtin) => ({
        argv: [program, ...wait, "-t", table, "-D", builtin, "-j", `${prefix}${builtin}`],
        mayFail: true,
      })),
    ),
    { argv: [`${program}-restore`, ...wait, "--noflush", file], mayFail: !speaks(cluster, family) },
  ];
}
