import type { Agent } from "../agent.js";

/** Faults that a change itself brings about, or that are an operator's wish. */
const apart = new Set(["unsettled", "maintenance"]);

/** What is wrong with a node apart from a change that is under way, in one clause; null when it is fit. */
export function unfitness(agent: Agent | undefined): string | null {
  if (agent === undefined) return "this node has no topology yet";
  const { faults, keepalived, haproxy, roles, yielding } = agent.report();
  if (keepalived !== "running") return `keepalived is ${keepalived}`;
  if (haproxy !== "up") return `HAProxy is ${haproxy}`;
  const own = faults.filter((fault) => !apart.has(fault));
  if (own.length > 0) return own.join(", ");
  const known = [...roles.values()];
  // A node that yields although nothing is wrong with it, because it is behind for instance, is in VRRP's state FAULT.
  const isAsked = (role: string) => role === "master" || role === "backup" || (role === "fault" && yielding);
  return known.every(isAsked) ? null : `keepalived is ${known.join(", ")}`;
}

/** Asks the services through the virtual IPs that the node holds. Throws with those that do not answer. */
export async function answersOf(
  agent: Agent | undefined,
): Promise<{ readonly endpoints: readonly string[] }> {
  const { endpoints, silent } = (await agent?.answers()) ?? { endpoints: [], silent: [] };
  if (silent.length > 0) throw new Error(`${silent.join(", ")} does not answer`);
  return { endpoints };
}
