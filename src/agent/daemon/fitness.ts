import type { Agent } from "../agent.js";

/** Faults that a change itself brings about, or that are an operator's wish. */
const apart = new Set(["unsettled", "unsynced", "maintenance"]);

/** What is wrong with a node apart from a change that is under way, a clause each. */
export function unfitness(agent: Agent | undefined): string[] {
  if (agent === undefined) return ["this node has no topology yet"];
  const { faults, keepalived, haproxy, roles, yielding } = agent.report();
  const wrong = [
    ...(keepalived === "running" ? [] : [`keepalived is ${keepalived}`]),
    ...(haproxy === "up" ? [] : [`HAProxy is ${haproxy}`]),
    ...faults.filter((fault) => !apart.has(fault)),
  ];
  // VRRP's state FAULT follows from what is wrong already, or from yielding: because the node is behind, for instance.
  const isExplained = yielding || wrong.length > 0;
  const isAsked = (role: string) =>
    role === "master" || role === "backup" || (role === "fault" && isExplained);
  const astray = [...roles].filter(([, role]) => !isAsked(role));
  return [...wrong, ...astray.map(([network, role]) => `keepalived is ${role} on ${network}`)];
}

/** Asks the services through the virtual IPs that the node holds. Throws with those that do not answer. */
export async function answersOf(
  agent: Agent | undefined,
): Promise<{ readonly endpoints: readonly string[] }> {
  const { endpoints, silent } = (await agent?.answers()) ?? { endpoints: [], silent: [] };
  if (silent.length > 0) throw new Error(`${silent.join(", ")} does not answer`);
  return { endpoints };
}
