import { generationPaths, parseManifest } from "../deploy/generation.js";
import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import type { Cluster } from "../topology/cluster.js";
import { observeOwned } from "./addresses.js";
import { observeAgent } from "./agent.js";
import { observeHaproxy } from "./haproxy.js";
import { observeRules } from "./rules.js";
import type { NodeState, VrrpState } from "./state.js";
import { observeVrrp } from "./vrrp.js";

/** Asks every engine of one node. Rejects when the node itself cannot be reached. */
export async function observeNode(host: Host, cluster: Cluster, name: string): Promise<NodeState> {
  const [keepalived, owned, haproxy, rules, agent, fault, manifest] = await Promise.all([
    observeVrrp(host),
    observeOwned(host, cluster),
    observeHaproxy(host),
    observeRules(host),
    observeAgent(host),
    host.read(paths.fault),
    host.read(generationPaths.currentManifest),
  ]);
  const yielding = fault?.trim() === "1";
  const role = roleOf(keepalived.instances.map(({ state }) => state));
  const { number, digest } = manifest === null ? { number: 0, digest: "" } : parseManifest(manifest);
  return {
    name,
    role,
    keepalived,
    owned,
    haproxy,
    rules,
    agent: agent && {
      faults: agent.faults,
      peersReady: agent.peers.filter(({ ready }) => ready).map((peer) => peer.name),
    },
    yielding,
    generation: manifest === null ? null : { number, digest },
    healthy:
      (role === "active" || role === "standby") &&
      haproxy.process === "running" &&
      !yielding &&
      agent !== null &&
      agent.severity === 0 &&
      agent.peers.length === cluster.nodes.length - 1 &&
      agent.peers.every(({ ready }) => ready),
  };
}

/** A sync group moves as one: a node whose instances differ is in between, and no standby. */
function roleOf(states: readonly VrrpState[]): NodeState["role"] {
  if (states.length === 0) return "fault";
  if (states.every((state) => state === "master")) return "active";
  return states.every((state) => state === "backup") ? "standby" : "fault";
}

/** A node that does not answer at all. */
export const nodeDown = (name: string): NodeState => ({
  name,
  role: "down",
  keepalived: { process: "dead", instances: [] },
  owned: [],
  haproxy: { process: "dead", servers: [] },
  rules: { missing: [], unexpected: [] },
  agent: null,
  yielding: false,
  generation: null,
  healthy: false,
});
