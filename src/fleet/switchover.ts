import type { Host } from "../host/host.js";
import { askAgent } from "../observe/agent.js";
import type { Cluster } from "../topology/cluster.js";
import { detection } from "../topology/timing.js";
import { SwitchoverError, type SwitchoverPlan } from "./switchover-plan.js";

/** How long the nodes that yield stay away: the new owner is long settled then. Milliseconds. */
const awayFor = (cluster: Cluster): number => Math.max(1_000, 3 * detection(cluster));

/** Carries a planned move out: each node that is not to be active is asked to yield for a while, the active one last. */
export async function moveTo(
  cluster: Cluster,
  hostOf: (node: string) => Host,
  { from, aside }: SwitchoverPlan,
): Promise<void> {
  for (const node of [...aside, from]) {
    const { status, body } = await askAgent(hostOf(node), "POST", "/v1/peer/yield", {
      milliseconds: awayFor(cluster),
    });
    if (status !== 200) throw new SwitchoverError(`${node} stays: ${reason(body)}`);
  }
}

const reason = (body: unknown): string =>
  typeof body === "object" && body !== null && "error" in body ? String(body.error) : "its agent refused";
