import { readNumbers } from "../../src/deploy/present.js";
import type { ClusterStatus } from "../../src/fleet/status.js";
import type { Lab } from "../../src/lab/lab.js";
import { readManifest } from "../../src/observe/kept-generation.js";
import type { DoomedAgents } from "./doomed-agents.js";

/** Where staged files of ours may stand. */
const places = ["/etc", "/var/lib/holdfast"];

/** What still speaks against all nodes running one generation with nothing left over; null when all do, and serve. */
export async function disagreement(lab: Lab, agents: DoomedAgents): Promise<string | null> {
  const nodes = lab.cluster.nodes.map(({ name }) => name);
  // Asked first, for it costs them nothing: what follows starts a dozen programs on each node.
  const states = await Promise.all(nodes.map((node) => agents.client(node).call("state", {})));
  const restless = states.findIndex(({ severity, unsettled }) => severity !== 0 || unsettled !== null);
  const { faults, unsettled } = states[restless] ?? {};
  if (restless >= 0) return `${nodes[restless]}: ${unsettled ?? `has ${String(faults)}`}`;
  const seen = await Promise.all(nodes.map((node) => leftOver(lab, agents, node)));
  const wrong = seen.find(({ complaint }) => complaint !== null);
  if (wrong?.complaint) return wrong.complaint;
  const generations = new Set(seen.map(({ generation }) => generation));
  if (generations.size !== 1) return `the nodes run ${[...generations].join(" and ")}`;
  const [first = ""] = nodes;
  const status = (await agents.client(first).call("status", {})) as unknown as ClusterStatus;
  if (!status.healthy) return `not healthy: ${complaintsOf(status).join("; ")}`;
  return null;
}

const complaintsOf = ({ nodes, virtual_ips }: ClusterStatus): string[] => [
  ...nodes.flatMap(({ name, role, healthy, agent, drifts, rules, report, keepalived, haproxy }) =>
    healthy
      ? []
      : [
          `${name} is ${role} (${[...(agent?.faults ?? ["no agent"]), ...drifts, ...rules.missing, ...rules.unexpected, report?.unsettled ?? "", report?.sync?.why ?? "", keepalived.process, haproxy.process].filter(Boolean).join(", ")})`,
        ],
  ),
  ...virtual_ips.flatMap(({ name, owners }) =>
    owners.length === 1 ? [] : [`${name} is on ${owners.join(" and ") || "no node"}`],
  ),
];

async function leftOver(
  lab: Lab,
  agents: DoomedAgents,
  node: string,
): Promise<{ complaint: string | null; generation: string }> {
  const { host, exec } = lab.machine(node);
  const [manifest, numbers, journal, history] = await Promise.all([
    readManifest(host),
    readNumbers(host),
    host.read("/var/lib/holdfast/journal.json"),
    agents.client(node).call("history", {}),
  ]);
  const generation = manifest === null ? "none" : `${manifest.number} (${manifest.digest})`;
  const say = (complaint: string | null) => ({ complaint, generation });
  if (history.transaction !== null) return say(`${node} is ${history.transaction.phase}`);
  if (journal !== null) return say(`${node} has a journal`);
  // Looked for last: it takes the most.
  const staged = await exec(["find", ...places, "-name", ".*.holdfast-new"]);
  if (staged.stdout !== "") return say(`${node} has staged files: ${staged.stdout.trim()}`);
  const newest = Math.max(...numbers);
  if (newest !== manifest?.number) return say(`${node} has generation ${newest} but runs ${generation}`);
  return say(null);
}
