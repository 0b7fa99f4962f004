import type { Cluster } from "../topology/cluster.js";
import { drainObstacle, type Unfit } from "./maintenance.js";

/** What it would come to if a node was taken out of service now. */
export interface DrainCheck {
  readonly node: string;
  /** It is out of service already. */
  readonly in_maintenance: boolean;
  /** What speaks against it, one clause; whoever insists takes it out all the same. */
  readonly obstacle: string | null;
  /** Who becomes active for it: null where it is not active, or nobody could. */
  readonly takes_over: string | null;
  /** Those that could serve then, preferred ones first. With one alone the next failure is an outage. */
  readonly left: readonly string[];
}

/** Pure. @param active nodes that hold the virtual IPs */
export const checkDrains = (
  { nodes }: Pick<Cluster, "nodes">,
  unfit: Unfit,
  active: readonly string[],
  away: readonly string[],
): DrainCheck[] =>
  nodes.map(({ name: node }) => {
    const fit = nodes.flatMap(({ name }) => (name !== node && unfit.get(name) === null ? name : []));
    return {
      ...{ node, in_maintenance: away.includes(node), left: fit },
      obstacle: drainObstacle(node, unfit),
      takes_over: active.includes(node) ? (fit[0] ?? null) : null,
    };
  });
