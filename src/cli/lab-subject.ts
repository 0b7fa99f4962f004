import { isSeq, parseDocument } from "yaml";
import type { PeerState } from "../agent/beats/peer-state.js";
import type { VpnReport } from "../agent/vpn/vpn-report.js";
import type { Subject } from "../drill/subject.js";
import type { AgentClient } from "../fleet/client.js";
import type { Lab } from "../lab/lab.js";
import { agentsOfLab, askFirst, type ReachedAgent } from "./agents.js";
import { applyTopology } from "./apply-topology.js";
import { askedOfAgents } from "./drill-requests.js";
import { sightingIn } from "./lab-sighting.js";

/** Milliseconds. */
const askedWithin = 5_000;
const contentWithin = 1_000;
const appliedWithin = 60_000;

/** A lab as drills see it. */
export const subjectOf = (lab: Lab): Subject => ({
  lab,
  ...askedOfAgents(() => agentsOfLab(lab)),
  states: () => Promise.all(lab.cluster.nodes.map(async ({ name }) => (await sightingIn(lab, name)).state)),
  async content() {
    const agents = await agentsOfLab(lab);
    const nodes = lab.cluster.nodes.map(({ name }) => agents.find(({ node }) => node === name));
    return (await Promise.all(nodes.map((agent) => agent !== undefined && isContent(agent.client)))).every(
      Boolean,
    );
  },
  topology: async () => runningTopology(await agentsOfLab(lab)),
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
  async vpnTroubles() {
    const servers = (lab.cluster.vpn?.servers ?? []).map(({ name }) => name);
    const agents = (await agentsOfLab(lab)).filter(({ node }) => servers.includes(node));
    return (await Promise.all(agents.map(({ client }) => troublesOf(client)))).flat();
  },
});

async function runningTopology(agents: readonly ReachedAgent[]): Promise<string> {
  const { answer } = await askFirst(agents, "history", {}, askedWithin);
  const number = answer.entries[0]?.number ?? 0;
  return (await askFirst(agents, "generation", { params: { number } }, askedWithin)).answer.topology;
}

/** The same topology, in which each server of the first service has twice its weight: what is read anew chooses as before. */
function otherwise(topology: string): string {
  const document = parseDocument(topology);
  const servers = document.getIn(["services", 0, "servers"]);
  for (const index of isSeq(servers) ? servers.items.keys() : []) {
    const weight = ["services", 0, "servers", index, "weight"];
    document.setIn(weight, 2 * Number(document.getIn(weight) ?? 1));
  }
  return document.toString();
}

/** In its own words, which it has ready at any moment. */
async function isContent(client: AgentClient): Promise<boolean> {
  try {
    const { severity, yielding, peers } = (await client.call("state", {}, { timeout: contentWithin })) as {
      severity: number;
      yielding: boolean;
      peers: readonly PeerState[];
    };
    return severity === 0 && !yielding && peers.every(({ ready }) => ready);
  } catch {
    return false;
  } finally {
    client.close();
  }
}

async function troublesOf(client: AgentClient): Promise<readonly string[]> {
  try {
    const { vpn } = (await client.call("state", {}, { timeout: askedWithin })) as { vpn?: VpnReport };
    return vpn?.troubles ?? [];
  } catch {
    return [];
  } finally {
    client.close();
  }
}
