import { setTimeout as sleep } from "node:timers/promises";
import { agentsOfLab } from "../src/cli/agents.js";
import type { Lab } from "../src/lab/lab.js";

/** Milliseconds. */
const patience = 60_000;

/** Waits until every node but the active one holds the active one's sessions. */
export async function inSync(lab: Lab, active: string, signal: AbortSignal): Promise<void> {
  const agents = await agentsOfLab(lab);
  try {
    const standbys = agents.filter(({ node }) => node !== active);
    for (const end = Date.now() + patience; Date.now() < end; await sleep(200, undefined, { signal })) {
      const states = await Promise.all(
        standbys.map(({ client }) => client.call("state", {}).catch(() => null)),
      );
      if (states.every((state) => (state?.sync as { state?: string } | undefined)?.state === "complete"))
        return;
    }
  } finally {
    for (const { client } of agents) client.close();
  }
  throw new Error(`no standby held the sessions of ${active} within ${patience / 1_000} s`);
}
