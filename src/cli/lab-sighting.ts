import { AgentClient, UnreachableError } from "../fleet/client.js";
import type { NodeReport } from "../fleet/node-report.js";
import { nothingSeen, type Sighting, sightingOf } from "../fleet/sighting.js";
import type { Lab } from "../lab/lab.js";
import { observeNatSessions } from "../observe/conntrack.js";
import { observeNode } from "../observe/node.js";

/** Milliseconds. */
const patience = 5_000;

/** A node of a lab in its agent's words; where the agent is dead, in those of its engines, which go on serving. */
export async function sightingIn(lab: Lab, name: string): Promise<Sighting> {
  const path = lab.agentSocket(name);
  if (path === null) return nothingSeen(name);
  const client = new AgentClient(name, { kind: "unix", path });
  try {
    return sightingOf((await client.call("node", {}, { timeout: patience })) as unknown as NodeReport);
  } catch (error) {
    if (error instanceof UnreachableError) return await enginesOf(lab, name);
    throw error;
  } finally {
    client.close();
  }
}

async function enginesOf({ cluster, machine }: Lab, name: string): Promise<Sighting> {
  try {
    const { host } = machine(name);
    const [state, natSessions] = await Promise.all([
      observeNode(host, cluster, name, null),
      observeNatSessions(host, cluster),
    ]);
    return { state, natSessions };
  } catch {
    return nothingSeen(name); // Off, or booting.
  }
}
