import type { Lab } from "../src/lab/lab.js";
import { agentDaemon } from "../src/render/daemons.js";

/** Ends the agents for good: the engines go on, and nobody does what only an agent does. */
export async function withoutAgents(lab: Lab): Promise<void> {
  const agent = agentDaemon([]).name;
  for (const { name } of lab.cluster.nodes) {
    const { services } = lab.machine(name).host;
    await services.stop(agent);
    await services.disable(agent);
  }
}
