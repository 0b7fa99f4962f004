import type { ClusterStatus } from "../fleet/status.js";
import { type AgentOptions, askFirst, reachAgents } from "./agents.js";
import { UserError } from "./context.js";

/** Milliseconds: an agent gives its peers two seconds. */
const patience = 5_000;

/**
 * The cluster as the first agent that answers sees it. A node of the lab whose agent is dead goes on serving: there its
 * engines are asked directly.
 */
export async function seeCluster(options: AgentOptions): Promise<ClusterStatus> {
  const answer = await askAgents(options).catch((error: unknown) => {
    if (options.lab && error instanceof UserError) return null;
    throw error;
  });
  if (answer !== null && !(options.lab && answer.unreachable)) return answer;
  return seeLab(options);
}

async function askAgents(options: AgentOptions): Promise<ClusterStatus> {
  const { answer } = await askFirst(await reachAgents(options), "status", {}, patience);
  return answer as unknown as ClusterStatus;
}

async function seeLab(options: AgentOptions): Promise<ClusterStatus> {
  const { loadCluster } = await import("./topology-file.js");
  const { openLab } = await import("../lab/open.js");
  const { mergeStatus } = await import("../fleet/status.js");
  const { sightingIn } = await import("./lab-sighting.js");
  const lab = openLab((await loadCluster(options)).cluster.name);
  const seen = await Promise.all(lab.cluster.nodes.map(({ name }) => sightingIn(lab, name)));
  const { vpn } = lab.cluster;
  const { vpnSightingIn } = await import("./lab-vpn-sighting.js");
  const servers = vpn === null ? [] : vpn.servers.map((server) => vpnSightingIn(lab, vpn, server));
  return mergeStatus(lab.cluster, seen, await Promise.all(servers));
}
