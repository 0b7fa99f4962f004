import type { MaintenanceCheck } from "../../api/check-routes.js";
import type { LivePicture } from "../../api/live.js";
import type { Cluster } from "../../topology/cluster.js";
import { costOfMove } from "./cost.js";

type NodeCheck = MaintenanceCheck["nodes"][number];

/** What it costs to take a node out of service now: sentences. Pure. */
export function costOfDrain({ node, takes_over, left }: NodeCheck, picture: LivePicture | null): string[] {
  const moves =
    takes_over === null
      ? []
      : [
          `${takes_over} takes the virtual IPs over from ${node}`,
          ...(picture === null ? [] : costOfMove(picture, takes_over)),
        ];
  const alone = left.length === 1 ? [`nobody could take over from ${left[0]} then`] : [];
  return [...moves, ...alone, `changes leave ${node} out until it is back`];
}

/** What it brings to put a node back into service: sentences. Pure. */
export function costOfReturn(
  node: string,
  { failover, nodes }: Pick<Cluster, "failover" | "nodes">,
  owners: readonly string[],
): string[] {
  const order = nodes.map(({ name }) => name);
  const behind = owners.filter((owner) => order.indexOf(owner) > order.indexOf(node));
  return [
    `${node} catches up first: only then may it become active`,
    ...(failover.preempt && behind.length > 0
      ? [`it takes the virtual IPs back from ${behind.join(" and ")}: failover.preempt is set`]
      : []),
  ];
}
