import { setTimeout as sleep } from "node:timers/promises";
import type { DrillNote } from "../api/drill-note.js";
import type { Event } from "../api/event.js";
import type { Requests } from "../drill/fault/fault.js";
import type { Subject } from "../drill/subject.js";
import type { AgentClient } from "../fleet/client.js";
import type { ReachedAgent } from "./agents.js";
import { setMaintenance } from "./maintenance.js";
import { moveTo } from "./switchover.js";

/** Milliseconds: a node that the drill gave its power back has its agent by then; one that has not misses the note. */
const notedWithin = 5_000;
const askAgainAfter = 200;

/** Events of one agent that are looked through for those of a drill. */
const mostTold = 1_000;

/** What drills ask of agents, in a lab as on real nodes. @param reach those there are now */
export const askedOfAgents = (
  reach: () => Promise<readonly ReachedAgent[]>,
): Requests & Pick<Subject, "note" | "logs"> => ({
  async move(_from, to) {
    const { at, gap } = await moveTo(await reach(), { to, force: false });
    return { at: Date.parse(at), gap };
  },
  async maintain(node, on) {
    await setMaintenance(await reach(), { node, on, force: false });
  },
  async note(body) {
    await Promise.all((await reach()).map(({ client }) => noteOn(client, body)));
  },
  logs: async () => Promise.all((await reach()).map(({ client }) => eventsOf(client))),
});

async function eventsOf(client: AgentClient): Promise<readonly Event[]> {
  try {
    return (
      await client.call("events", { query: { limit: mostTold, last: "true" } }, { timeout: notedWithin })
    ).events;
  } catch {
    return [];
  } finally {
    client.close();
  }
}

async function noteOn(client: AgentClient, body: DrillNote): Promise<void> {
  const until = Date.now() + notedWithin;
  const ask = (timeout: number) =>
    client.call("drill", { body }, { timeout }).then(
      () => true,
      () => false,
    );
  for (let left = notedWithin; left > 0 && !(await ask(left)); left = until - Date.now())
    await sleep(askAgainAfter);
  client.close();
}
