import type { NodeState } from "../observe/state.js";
import type { Cluster } from "../topology/cluster.js";
import { Refusal } from "./refusal.js";

/** A planned move of all virtual IPs. */
export interface SwitchoverPlan {
  readonly from: string;
  readonly to: string;
  /** Nodes that VRRP would prefer to `to`: they stand aside meanwhile. */
  readonly aside: readonly string[];
}

/** The move is not possible, or would not last. The message says why and what to do. */
export class SwitchoverError extends Refusal {}

/** A node as it answers: its role, and why it could not serve now, one clause; null when it could. */
export interface Candidate extends Pick<NodeState, "name" | "role"> {
  readonly unfit: string | null;
}

/**
 * Which nodes have to yield so that `to` (default: the most preferred standby) becomes active.
 *
 * @param force also to a standby that is not fit, and where the move would not last
 */
export function planSwitchover(
  cluster: Cluster,
  states: readonly Candidate[],
  to: string | null,
  force = false,
): SwitchoverPlan {
  const stateOf = (name: string) => states.find((state) => state.name === name);
  const active = states.filter(({ role }) => role === "active");
  const standbys = cluster.nodes.filter(
    ({ name }) => stateOf(name)?.role === "standby" && (force || stateOf(name)?.unfit === null),
  );
  const why = (name: string) => {
    const state = stateOf(name);
    return state === undefined ? "it does not answer" : (state.unfit ?? `it is ${state.role}`);
  };
  const ready = standbys.map(({ name }) => name).join(", ") || "none";

  const [from] = active;
  if (!from || active.length > 1)
    throw new SwitchoverError(
      `${active.length} nodes are active: 'holdfast status' says more, nothing was moved`,
    );
  if (to !== null && !cluster.nodes.some(({ name }) => name === to))
    throw new SwitchoverError(`there is no node ${to}; ready to take over: ${ready}`);
  if (to === from.name) throw new SwitchoverError(`${to} is active already`);
  const target = to === null ? standbys[0] : standbys.find(({ name }) => name === to);
  if (!target) {
    const silent = (to === null ? cluster.nodes.map(({ name }) => name) : [to]).filter(
      (name) => stateOf(name) === undefined,
    );
    throw new SwitchoverError(
      [
        to === null
          ? `no standby is ready (${others(cluster, from.name, why)}): nothing was moved`
          : `${to} is not ready: ${why(to)}; ready to take over: ${ready}`,
        ...(force && silent.length > 0 ? [notEvenForced(from.name, silent)] : []),
      ].join("\n"),
    );
  }
  if (!force && cluster.failover.preempt && cluster.nodes[0]?.name !== target.name)
    throw new SwitchoverError(
      `${cluster.nodes[0]?.name} would take the virtual IPs back at once: set failover.preempt to false first`,
    );
  const aside = standbys.filter(({ priority }) => priority > target.priority).map(({ name }) => name);
  return { from: from.name, to: target.name, aside };
}

const notEvenForced = (from: string, silent: readonly string[]): string =>
  `--force cannot move to a node whose agent is silent: bring back the agent of ${silent.join(" or ")}, or stop keepalived on ${from}, which leaves the choice to VRRP`;

/** `lb-b: it is in maintenance; lb-c: it does not answer`. */
const others = ({ nodes }: Cluster, from: string, why: (name: string) => string): string =>
  nodes.flatMap(({ name }) => (name === from ? [] : `${name}: ${why(name)}`)).join("; ");
