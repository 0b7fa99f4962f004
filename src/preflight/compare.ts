import type { NodePreflight } from "../api/preflight.js";
import { neighbours } from "../render/neighbours.js";
import type { Cluster } from "../topology/cluster.js";
import { addressHolders } from "./address-holders.js";
import { type Answered, type Asked, answeredOf } from "./asked.js";
import { beats } from "./beats.js";
import { clocksApart, offsetOf } from "./clock.js";
import { enginesDiffer } from "./engines.js";
import { type Finding, findingsOf } from "./finding.js";
import { protocol112 } from "./protocol-112.js";

/** A finding, and the node that it is about. */
export type NodeFinding = Finding & { readonly node: string };

/** What all nodes found, and what comes of laying it side by side. @param asker the node whose agent asked */
export function compared(cluster: Cluster, asker: string, asked: readonly Asked[]): NodeFinding[] {
  const answered = answeredOf(asked);
  const silent = asked.filter((one) => !("report" in one)).map(({ node }) => node);
  const takesPart = (peer: string): boolean => answered.some(({ node }) => node === peer);
  return [
    ...asked.map((one) => ({ node: one.node, ...agents(asker, one, answered) })),
    ...beats(cluster, answered),
    ...answered.flatMap(({ node, report }) => report.findings.map((finding) => ({ node, ...finding }))),
    ...answered.flatMap(({ node, report }) =>
      report.adverts.map((heard) => ({ node, ...protocol112(heard, takesPart(heard.peer)) })),
    ),
    ...answered.flatMap(({ node }) =>
      addressHolders(node, answered, silent).map((finding) => ({ node, ...finding })),
    ),
    ...answered
      .filter(({ node }) => node !== asker)
      .map((one) => ({ node: one.node, ...clocksApart(asker, { node: one.node, ...offsetOf(one) }) })),
    ...againstFirst(answered, (first, other) => enginesDiffer(first, other)),
    ...againstFirst(answered, mtusDiffer),
    ...nobodyActive(cluster, answered),
  ];
}

const agent = findingsOf("agents");

function agents(asker: string, one: Asked, answered: readonly Answered[]): Finding {
  if (!("report" in one))
    return agent.error(
      `from ${asker}`,
      `its agent did not answer ${asker}: ${one.why}`,
      "systemctl status holdfast-agent there; its port must be reachable from the other nodes",
    );
  const first = answered[0]?.report;
  const { program } = one.report;
  if (first !== undefined && first.program !== program)
    return agent.error(
      "program",
      `it runs holdfast ${program}, ${first.node} ${first.program}: nodes of different versions take no change`,
      "bring all nodes to one version",
    );
  return agent.ok(`from ${asker}`, `answers, holdfast ${program}`);
}

const againstFirst = (
  answered: readonly Answered[],
  compare: (first: NodePreflight, other: NodePreflight) => readonly Finding[],
): NodeFinding[] => {
  const [first, ...others] = answered;
  return others.flatMap(({ node, report }) =>
    first === undefined ? [] : compare(first.report, report).map((finding) => ({ node, ...finding })),
  );
};

const device = findingsOf("devices");

const mtusDiffer = (first: NodePreflight, other: NodePreflight): Finding[] =>
  Object.entries(other.mtus).flatMap(([network, mtu]) => {
    const there = first.mtus[network];
    if (there === undefined || there === mtu) return [];
    return [
      device.error(
        network,
        `the MTU is ${mtu} here and ${there} on ${first.node}: whole packets of one are lost on the way to the other`,
        `give both the same, or write it as networks.${network}.mtu`,
      ),
    ];
  });

/** Only whoever holds the virtual IPs can see what is sent through them. */
function nobodyActive(cluster: Cluster, answered: readonly Answered[]): NodeFinding[] {
  const { routers, servers } = neighbours(cluster);
  const [first] = answered;
  if (first === undefined || answered.some(({ report }) => report.active)) return [];
  if (routers.length + servers.length === 0) return [];
  const unknown = findingsOf("neighbours").unknown(
    "routes",
    "no node holds the virtual IPs: what neighbours send through them cannot be seen",
    "run this again after the first apply",
  );
  return [{ node: first.node, ...unknown }];
}
