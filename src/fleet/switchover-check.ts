import type { Cluster } from "../topology/cluster.js";
import { type BeforeMove, switchoverObstacle, switchoverWarning } from "./switchover-obstacle.js";
import { type Candidate, planSwitchover, SwitchoverError, type SwitchoverPlan } from "./switchover-plan.js";

/** What a planned move to one node would meet, was it asked for now. */
export interface TargetCheck {
  readonly to: string;
  /** Why it would be refused, one sentence; null when nothing speaks against it. */
  readonly obstacle: string | null;
  /** Whoever insists has the virtual IPs moved all the same. */
  readonly forceable: boolean;
  /** What is worth knowing although it stands in nobody's way. */
  readonly warning: string | null;
}

/** The checks of a planned move to every node that is not active. Pure: they are those of the move itself. */
export const checkTargets = (
  cluster: Cluster,
  states: readonly Candidate[],
  seen: BeforeMove,
): TargetCheck[] =>
  cluster.nodes
    .filter(({ name }) => activeAlone(states) !== name)
    .map(({ name: to }) => {
      const plan = tried(() => planSwitchover(cluster, states, to));
      const isPlan = typeof plan !== "string";
      const forced = tried(() => planSwitchover(cluster, states, to, true));
      return {
        to,
        obstacle: isPlan ? switchoverObstacle(plan, seen) : plan,
        forceable: typeof forced !== "string",
        warning: isPlan ? switchoverWarning(plan, seen) : null,
      };
    });

/** The node that is active; null where that is none, or several. */
export function activeAlone(states: readonly Candidate[]): string | null {
  const [first, ...others] = states.filter(({ role }) => role === "active");
  return first === undefined || others.length > 0 ? null : first.name;
}

/** The plan, or why there is none. */
function tried(plan: () => SwitchoverPlan): SwitchoverPlan | string {
  try {
    return plan();
  } catch (error) {
    if (error instanceof SwitchoverError) return error.message;
    throw error;
  }
}
