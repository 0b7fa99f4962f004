import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import type { Cluster } from "../topology/cluster.js";
import { observeOwned, virtualAddresses } from "./addresses.js";
import { observeConntrackd } from "./conntrackd.js";
import { observeDrift } from "./drift.js";
import { observeHaproxy } from "./haproxy.js";
import { readManifest } from "./kept-generation.js";
import { observeMultiplexer } from "./multiplexer.js";
import { observeRules } from "./rules.js";
import type { AgentState, InstanceState, NodeState } from "./state.js";
import { observeVrrp } from "./vrrp.js";

/**
 * Asks every engine of one node. Rejects when the node itself cannot be reached.
 *
 * @param agent what the node's agent says of itself; null when it does not answer
 */
export async function observeNode(
  host: Host,
  cluster: Cluster,
  name: string,
  agent: AgentState | null,
): Promise<NodeState> {
  const [keepalived, owned, haproxy, conntrackd, multiplexer, rules, drift, fault, manifest] =
    await Promise.all([
      observeVrrp(host),
      observeOwned(host, cluster),
      observeHaproxy(host),
      observeConntrackd(host, cluster),
      observeMultiplexer(host, cluster),
      observeRules(host),
      observeDrift(host),
      host.read(paths.fault),
      readManifest(host),
    ]);
  const yielding = fault?.trim() === "1";
  const state = {
    name,
    role: roleOf(keepalived.instances, owned, cluster),
    keepalived,
    owned,
    haproxy,
    conntrackd,
    ...multiplexer,
    rules,
    drifts: drift.map(({ sentence }) => sentence),
    agent: agent && {
      faults: agent.faults,
      peersReady: agent.peers.filter(({ ready }) => ready).map((peer) => peer.name),
      why: agent.why,
    },
    yielding,
    generation: manifest && { number: manifest.number, digest: manifest.digest },
  };
  const fit = isFit(state) && agent?.severity === 0;
  return { ...state, healthy: fit && state.agent?.peersReady.length === cluster.nodes.length - 1 };
}

/** Whether a node could serve right now, whatever its peers do. */
export const isFit = ({ role, haproxy, rules, agent, yielding }: Omit<NodeState, "healthy">): boolean =>
  (role === "active" || role === "standby") &&
  haproxy.process === "running" &&
  rules.missing.length === 0 &&
  agent?.faults.length === 0 &&
  !yielding;

/** A sync group moves as one: a node whose instances differ, or that lacks an address it should hold, is in between. */
function roleOf(
  instances: readonly InstanceState[],
  owned: readonly string[],
  cluster: Cluster,
): NodeState["role"] {
  if (instances.length === 0) return "fault";
  if (instances.every(({ state }) => state === "backup")) return "standby";
  const complete = virtualAddresses(cluster).every((address) => owned.includes(address));
  return complete && instances.every(({ state }) => state === "master") ? "active" : "fault";
}

/** A node that does not answer at all. */
export const nodeDown = (name: string): NodeState => ({
  name,
  role: "down",
  keepalived: { process: "dead", instances: [] },
  owned: [],
  haproxy: { process: "dead", servers: [] },
  rules: { missing: [], unexpected: [] },
  drifts: [],
  agent: null,
  yielding: false,
  generation: null,
  healthy: false,
});
