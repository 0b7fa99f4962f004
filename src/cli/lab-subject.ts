import { setTimeout as sleep } from "node:timers/promises";
import { parseDocument } from "yaml";
import type { VpnReport } from "../agent/vpn/vpn-report.js";
import type { DrillNote } from "../api/drill-note.js";
import type { Event } from "../api/event.js";
import type { Subject } from "../drill/subject.js";
import type { AgentClient } from "../fleet/client.js";
import type { Lab } from "../lab/lab.js";
import { agentsOfLab, askFirst, type ReachedAgent } from "./agents.js";
import { applyTopology } from "./apply-topology.js";
import { sightingIn } from "./lab-sighting.js";

/** Milliseconds: the move is probed for seconds, and a slow pair takes some more. */
const movedWithin = 30_000;

/** Milliseconds: a node that the drill gave its power back has its agent by then; one that has not misses the note. */
const notedWithin = 5_000;
const askAgainAfter = 200;
const appliedWithin = 60_000;

/** Events of one agent that are looked through for those of a drill. */
const mostTold = 1_000;

/** A lab as drills see it. */
export const subjectOf = (lab: Lab): Subject => ({
  lab,
  states: () => Promise.all(lab.cluster.nodes.map(async ({ name }) => (await sightingIn(lab, name)).state)),
  async move(_from, to) {
    const body = { to, force: false };
    const { answer } = await askFirst(await agentsOfLab(lab), "switchover", { body }, movedWithin);
    return Date.parse(answer.at);
  },
  async change() {
    const agents = await agentsOfLab(lab);
    const topology = await runningTopology(agents);
    await applyTopology(
      agents,
      { topology: otherwise(topology) },
      () => undefined,
      AbortSignal.timeout(appliedWithin),
    );
    return topology;
  },
  async changeBack(topology) {
    const agents = await agentsOfLab(lab);
    if ((await runningTopology(agents)) === topology) return;
    await applyTopology(agents, { topology }, () => undefined, AbortSignal.timeout(appliedWithin));
  },
  async note(body) {
    await Promise.all((await agentsOfLab(lab)).map(({ client }) => noteOn(client, body)));
  },
  logs: async () => Promise.all((await agentsOfLab(lab)).map(({ client }) => eventsOf(client))),
  async vpnTroubles() {
    const servers = (lab.cluster.vpn?.servers ?? []).map(({ name }) => name);
    const agents = (await agentsOfLab(lab)).filter(({ node }) => servers.includes(node));
    return (await Promise.all(agents.map(({ client }) => troublesOf(client)))).flat();
  },
});

async function runningTopology(agents: readonly ReachedAgent[]): Promise<string> {
  const { answer } = await askFirst(agents, "history", {}, notedWithin);
  const number = answer.entries[0]?.number ?? 0;
  return (await askFirst(agents, "generation", { params: { number } }, notedWithin)).answer.topology;
}

/** The same topology, in which a server of the first service is called down one failed check later. */
function otherwise(topology: string): string {
  const document = parseDocument(topology);
  const fall = ["services", 0, "health_check", "fall"];
  document.setIn(fall, Number(document.getIn(fall) ?? 3) + 1);
  return document.toString();
}

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

async function troublesOf(client: AgentClient): Promise<readonly string[]> {
  try {
    const { vpn } = (await client.call("state", {}, { timeout: notedWithin })) as { vpn?: VpnReport };
    return vpn?.troubles ?? [];
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
