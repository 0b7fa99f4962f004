import type { ClusterStatus } from "./status.js";

type NodeStatus = ClusterStatus["nodes"][number];

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** Days before its end from which a certificate is worth a word. */
const soon = 30;

/** A machine that came into the place of another: its agent answers, and has nothing to run. */
const empty = "has no topology yet: 'holdfast apply' brings it one";

/** What is wrong with a node, a clause each; empty for one that is well. */
export function troublesOf(node: NodeStatus): string[] {
  const { report } = node;
  const away = node.maintenance === null ? [] : [`in maintenance ${node.maintenance}`];
  if (node.role === "down" || (report === null && node.maintenance !== null))
    return [[...away, report === null ? "does not answer" : empty].join("; ")];
  return [
    ...away,
    ...(report?.unsettled ? [report.unsettled] : []),
    ...(report?.twoOwners ?? []),
    ...(report?.unreached?.length ? [`does not reach ${report.unreached.join(", ")}`] : []),
    ...(report?.unheard?.length ? [`does not hear ${report.unheard.join(", ")}`] : []),
    ...(report?.silentWitnesses?.length
      ? [`gets no answer from witness ${report.silentWitnesses.join(", ")}`]
      : []),
    ...(report?.sync?.why ? [report.sync.why] : []),
    ...(report?.table?.why ? [report.table.why] : []),
    ...(node.keepalived.process === "running" ? [] : [`keepalived ${node.keepalived.process}`]),
    ...(node.haproxy.process === "running" ? [] : [`haproxy ${node.haproxy.process}`]),
    ...conntrackdWords(node),
    ...(node.multiplexer && node.multiplexer.process !== "running"
      ? [`multiplexer ${node.multiplexer.process}`]
      : []),
    ...agentWords(node),
    ...ruleWords(node.rules),
    ...node.drifts,
    ...certificateWords(report?.certificateExpires ?? null),
  ];
}

/** What the agent says of the sync says it better, once it has noticed. */
const conntrackdWords = ({ conntrackd, report }: NodeStatus): string[] =>
  !conntrackd || conntrackd.process === "running" || report?.sync?.why
    ? []
    : [`conntrackd ${conntrackd.process}`];

/** Its faults, and whether it yields because of them. */
function agentWords({ agent, yielding, report, maintenance }: NodeStatus): string[] {
  if (agent === null) return ["agent dead"];
  if (yielding) return [`yields: ${agent.why}`];
  // What these two mean is said in words of their own.
  const said = new Set([
    ...(maintenance === null ? [] : ["maintenance"]),
    ...(report?.unsettled ? ["unsettled"] : []),
    ...(report?.sync?.unsynced ? ["unsynced"] : []),
  ]);
  const faults = agent.faults.filter((fault) => !said.has(fault));
  return faults.length === 0 ? [] : [faults.join(", ")];
}

/** The first rule that differs, as `iptables-save` writes it, and how many more there are. */
function ruleWords({ missing, unexpected }: NodeStatus["rules"]): string[] {
  const all = [
    ...missing.map((rule) => `the kernel lacks ${rule}`),
    ...unexpected.map((rule) => `the kernel has, and nobody rendered, ${rule}`),
  ];
  const [first, ...others] = all;
  if (first === undefined) return [];
  return [others.length === 0 ? first : `${first} (and ${count(others.length, "more rule")})`];
}

function certificateWords(expires: string | null): string[] {
  if (expires === null) return [];
  const days = Math.floor((Date.parse(expires) - Date.now()) / 86_400_000);
  if (days > soon) return [];
  return [days < 0 ? "its certificate has EXPIRED" : `its certificate expires in ${count(days, "day")}`];
}
