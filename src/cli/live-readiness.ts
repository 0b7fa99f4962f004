import { leftBehind } from "../drill/left.js";
import { type Readiness, readiness } from "../drill/situation.js";
import type { AgentReport } from "../fleet/node-report.js";
import type { ClusterStatus } from "../fleet/status.js";
import type { Cluster } from "../topology/cluster.js";

/** Whether real nodes may be moved for a drill: nothing at all is wrong, and no change is under way. */
export function liveReadiness(cluster: Cluster, status: ClusterStatus): Readiness {
  const roles = readiness(cluster, status.nodes);
  if (!roles.ready) return roles;
  const { trial } = status;
  if (trial !== null) return { ready: false, reason: `a generation of ${trial.author} is on trial` };
  if (status.healthy) return roles;
  const wrong = [
    ...leftBehind(status.nodes),
    ...status.nodes.flatMap(({ name, report }) =>
      report === null ? [] : complaintsOf(report).map((complaint) => `${name}: ${complaint}`),
    ),
    ...status.services.flatMap(({ name, redundant }) =>
      redundant ? [] : [`no server of ${name} can be spared`],
    ),
    ...(status.vpn_servers ?? []).flatMap(({ name, troubles }) =>
      troubles.map((trouble) => `${name}: ${trouble}`),
    ),
  ];
  return { ready: false, reason: wrong.join("; ") || "it is degraded" };
}

const complaintsOf = ({ unsettled, sync, table, twoOwners, ...lists }: AgentReport): string[] => [
  ...[unsettled, sync?.why, table?.why].flatMap((why) => why ?? []),
  ...twoOwners,
  ...(lists.unreached ?? []).map((whom) => `does not reach ${whom}`),
  ...(lists.unheard ?? []).map((whom) => `does not hear ${whom}`),
  ...(lists.silentWitnesses ?? []).map((whom) => `witness ${whom} does not answer`),
];
