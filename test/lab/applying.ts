import type { Outcome, Progress } from "../../src/api/progress.js";
import type { ReachedAgent } from "../../src/cli/agents.js";
import { applyTopology } from "../../src/cli/apply-topology.js";
import { AgentClient } from "../../src/fleet/client.js";
import type { Lab } from "../../src/lab/lab.js";
import type { Written } from "./topology.js";

/** The agents of a lab whose nodes are all up, through their sockets. */
export const agentsOf = (lab: Lab): ReachedAgent[] =>
  lab.cluster.nodes.map(({ name: node }) => ({
    node,
    client: new AgentClient(node, { kind: "unix", path: lab.agentSocket(node) ?? "" }),
  }));

/** Has the agents bring all nodes to a topology. */
export async function applyTo(
  agents: readonly ReachedAgent[],
  { text }: Written,
): Promise<{ outcome: Outcome; told: Progress[] }> {
  const told: Progress[] = [];
  const tell = (progress: Progress) => void told.push(progress);
  const outcome = await applyTopology(agents, { topology: text }, tell, AbortSignal.timeout(60_000));
  return { outcome, told };
}
