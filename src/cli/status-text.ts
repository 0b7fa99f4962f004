import { printableLine } from "../api/printable.js";
import type { MirrorStatus } from "../fleet/mirror-status.js";
import { troublesOf } from "../fleet/node-troubles.js";
import { remarksOn } from "../fleet/remarks.js";
import type { ServiceStatus } from "../fleet/service-status.js";
import type { ClusterStatus } from "../fleet/status.js";
import type { Paint } from "./plan-text.js";
import { count } from "./topology-file.js";
import { vpnServerRows } from "./vpn-server-rows.js";

type NodeStatus = ClusterStatus["nodes"][number];

/** `status` for people: a line for the cluster, one a node, one a virtual IP, one a service. */
export function statusText(status: ClusterStatus, paint: Paint): string {
  const machines = [...status.nodes.flatMap(nodeRows), ...(status.vpn_servers ?? []).flatMap(vpnServerRows)];
  const rows = [...machines, ...addressRows(status), ...status.services.flatMap(serviceRows)].map((row) =>
    row.map(printableLine),
  );
  const least = status.cluster.length;
  const widths = [0, 1].map((column) => Math.max(least, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([first = "", second = "", third = ""]) =>
    `  ${first.padEnd(widths[0] ?? 0)}   ${second.padEnd(widths[1] ?? 0)}   ${third}`.trimEnd(),
  );
  return `${[`${paint("bold", status.cluster)}   ${health(status, paint)}${printableLine(remarks(status) + title(status) + nearestEnd(status))}`, ...lines].join("\n")}\n`;
}

const health = (status: ClusterStatus, paint: Paint): string =>
  status.healthy ? paint("green", "healthy") : paint("red", status.unreachable ? "unreachable" : "degraded");

/** When the first of the nodes' certificates ends, as far as they tell. */
function nearestEnd({ nodes, vpn_servers = [] }: ClusterStatus): string {
  const [first] = [...nodes, ...vpn_servers].flatMap(({ report }) => report?.certificateExpires ?? []).sort();
  return first === undefined ? "" : `   certificates until ${first.slice(0, 10)}`;
}

function remarks(status: ClusterStatus): string {
  const clauses = remarksOn(status);
  return clauses.length === 0 ? "" : `: ${clauses.join("; ")}`;
}

function title({ nodes, vpn_servers = [], trial }: ClusterStatus): string {
  const labels = new Map<string, string[]>();
  for (const { name, generation } of [...nodes, ...vpn_servers]) {
    if (generation === null) continue;
    const label = `${generation.number} (${generation.digest.slice(0, 6)})`;
    labels.set(label, [...(labels.get(label) ?? []), name]);
  }
  if (labels.size === 0) return "";
  if (labels.size > 1) {
    const each = [...labels].map(([label, names]) => `${label} on ${names.join(" and ")}`);
    return `   different generations: ${each.join(", ")}`;
  }
  const state =
    trial === null ? "" : `, on trial by ${trial.author} until ${trial.confirm_by.slice(11, 19)} UTC`;
  return `   generation ${[...labels.keys()].join()}${state}`;
}

/** The name once, however many addresses it has. */
const addressRows = ({ virtual_ips, nodes }: ClusterStatus): string[][] =>
  virtual_ips.map(({ name, address, owners }, index) => [
    virtual_ips[index - 1]?.name === name ? "" : name,
    address,
    ownerWords(owners, nodes),
  ]);

function ownerWords(owners: readonly string[], nodes: readonly NodeStatus[]): string {
  const [owner = "no owner"] = owners;
  if (owners.length > 1) return `${owners.length} OWNERS: ${owners.join(", ")}`;
  const takeover = nodes.find(({ name }) => name === owner)?.report?.lastTakeover;
  if (!takeover) return owner;
  const { at, cause, gap } = takeover;
  // Of whoever came first: longer than the silence that a switchover measures by probes of its own.
  const measured = gap === null ? "" : `, first answer after ${Math.round(gap)} ms`;
  // Why it took over is known some seconds later.
  const why = cause === null ? "" : ` (${cause}${measured})`;
  return `${owner}   since ${at.replace("T", " ").slice(0, 16)} UTC${why}`;
}

function serviceRows(service: ServiceStatus): string[][] {
  return service.mirror === undefined
    ? [serviceRow(service)]
    : [serviceRow(service), mirrorRow(service.mirror)];
}

/** A session stays where it is; another active node has all of a proxy service begin anew. */
const pastCure = "until begun anew ('holdfast switchover' ends all sessions)";

/** `mirror to master 102 of 102 switches   1234 messages`, and what is wrong with it. */
function mirrorRow(mirror: MirrorStatus): string[] {
  const {
    to,
    connected,
    switches,
    messages,
    dropped,
    queued,
    shed = 0,
    unmatched = 0,
    expired = 0,
    past = 0,
    why,
  } = mirror;
  const remarks = [
    count(messages, "message"),
    ...(queued > 0 ? [`${queued} waiting`] : []),
    ...(dropped > 0 ? [`${dropped} DROPPED`] : []),
    ...(shed > 0 ? [`${shed} SHED`] : []),
    ...(unmatched > 0 ? [`${unmatched} unmatched`] : []),
    ...(expired > 0 ? [`${expired} expired`] : []),
    ...(past > 0 ? [`${count(past, "session")} PAST the multiplexer ${pastCure}`] : []),
    ...(why === null ? [] : [why]),
  ];
  return ["", `mirror to ${to}`, `${connected} of ${switches} switches   ${remarks.join("   ")}`];
}

function serviceRow({ name, mode, port, servers, sessions }: ServiceStatus): string[] {
  const each = servers.map(
    ({ name: server, up, draining, sessions: own }) =>
      `${server} ${draining ? "drains" : up ? "up" : "DOWN"}${own === null ? "" : ` ${own}`}`,
  );
  return [
    name,
    `:${port} ${mode}`,
    `${each.join("  ") || "no server known"}   ${count(sessions, "session")}`,
  ];
}

/** Troubles of one node that still fit on a screen. */
const most = 6;

/** `keepalived haproxy conntrackd agent ok`, or what is wrong with whom, a line each. */
function nodeRows(node: NodeStatus): string[][] {
  const troubles = troublesOf(node);
  const [first = wellWords(node), ...others] = troubles.slice(0, most);
  const left = troubles.length - most;
  const rest = left > 0 ? [...others, `and ${left} more: 'holdfast status --json' has them all`] : others;
  return [[node.name, node.role, first], ...rest.map((trouble) => ["", "", trouble])];
}

/** A standby that holds the active node's sessions says so: it is what one looks for before a planned move. */
const wellWords = ({ report, conntrackd, multiplexer }: NodeStatus): string =>
  `keepalived haproxy ${conntrackd ? "conntrackd " : ""}${multiplexer ? "multiplexer " : ""}agent ok${report?.sync?.state === "complete" ? "   in sync" : ""}`;
