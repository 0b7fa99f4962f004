import type { NodeState } from "../observe/state.js";
import type { Cluster } from "../topology/cluster.js";
import { virtualIpNamed } from "../topology/select.js";

/** Whom a fault strikes: who that is is known only when the drill runs. */
export type NodeRole = "active" | "standby";

/** What a drill knows of the cluster at the moment it begins. */
export interface Situation {
  /** The node that holds the virtual IPs. */
  readonly active: string;
  /** The node that takes them over: the most preferred of those that stand by. */
  readonly standby: string;
  /** The network on which the first service's clients stand. */
  readonly network: string;
  /** The first service's server with most sessions, and how many those are. */
  readonly busiestServer: { readonly machine: string; readonly sessions: number };
}

/** The network on which the first service's clients stand. */
export function clientNetwork(cluster: Cluster): string {
  const [service] = cluster.services;
  const [network] = cluster.networks;
  return service ? virtualIpNamed(cluster, service.listen.virtualIp).network : (network?.name ?? "");
}

/** Whether the cluster can take a fault: exactly one node active, all others ready. */
export type Readiness =
  | { readonly ready: true; readonly active: string; readonly standby: string }
  | { readonly ready: false; readonly reason: string };

/** `states` in any order; the standby named is the most preferred one. */
export function readiness(cluster: Cluster, states: readonly NodeState[]): Readiness {
  const no = (reason: string): Readiness => ({ ready: false, reason });
  const active = states.filter(({ role }) => role === "active");
  const standby = cluster.nodes.find(({ name }) =>
    states.some((state) => state.name === name && state.role === "standby"),
  );
  const unwell = states.filter(({ role, healthy }) => !healthy || (role !== "active" && role !== "standby"));
  if (active.length > 1) return no(`${active.map(({ name }) => name).join(" and ")} are both active`);
  if (unwell.length > 0)
    return no(unwell.map(({ name, role }) => `${name} is not ready (${role})`).join(", "));
  const [holder] = active;
  if (!holder) return no("no node is active");
  if (!standby) return no("no node stands by");
  return { ready: true, active: holder.name, standby: standby.name };
}
