import { isFit } from "../observe/node.js";
import type { NodeState } from "../observe/state.js";
import type { Cluster } from "../topology/cluster.js";
import type { AgentReport } from "./node-report.js";
import { type ServiceStatus, serviceStatus } from "./service-status.js";
import type { Sighting } from "./sighting.js";
import { type VpnServerStatus, type VpnSighting, vpnServerStatus } from "./vpn-status.js";

/** The cluster as its nodes' engines describe it, in the shape that `status --json` prints. */
export interface ClusterStatus {
  readonly cluster: string;
  readonly healthy: boolean;
  /** Somebody is in service who could take over. */
  readonly redundant: boolean;
  /** Some node did not answer at all. */
  readonly unreachable: boolean;
  readonly nodes: readonly (NodeState & {
    /** Files, rules, settings or routes differ from the node's own generation. */
    readonly drift: boolean;
    /** What only the node's agent can know; null when it was not asked or does not answer. */
    readonly report: AgentReport | null;
    /** "since TIME by NAME", also where only the other nodes can say so; null when in service. */
    readonly maintenance: string | null;
  })[];
  /** A generation that runs on trial: everything goes back at `confirm_by` (ISO 8601). */
  readonly trial: { readonly confirm_by: string; readonly author: string; readonly message: string } | null;
  readonly virtual_ips: readonly {
    readonly name: string;
    readonly address: string;
    readonly owners: readonly string[];
  }[];
  readonly services: readonly ServiceStatus[];
  /** Absent where the topology has none. */
  readonly vpn_servers?: readonly VpnServerStatus[];
}

/**
 * One word on all: healthy means one owner for each address, every node fit, settled and as rendered, all on one
 * generation, and no death away from an outage: somebody could take over, and every service that was given several
 * servers has two. A node in maintenance is not asked to be any of that, and takes nothing over.
 */
export function mergeStatus(
  cluster: Cluster,
  sightings: readonly Sighting[],
  vpnSightings: readonly VpnSighting[] = [],
): ClusterStatus {
  const vpnServers = vpnSightings.map(vpnServerStatus);
  const states = sightings.map(({ state }) => state);
  const serving = sightings.filter(({ state }) => state.role !== "maintenance");
  const virtualIps = cluster.virtualIps.flatMap(({ name, addresses }) =>
    addresses.map(({ address }) => ({
      name,
      address,
      owners: states.filter(({ owned }) => owned.includes(address)).map((state) => state.name),
    })),
  );
  const redundant = serving.length >= Math.min(cluster.nodes.length, 2);
  const services = cluster.services.map((service) => serviceStatus(service, sightings));
  return {
    cluster: cluster.name,
    redundant,
    healthy:
      redundant &&
      serving.every((sighting) => isWell(sighting)) &&
      generationsOf([...serving.map(({ state }) => state), ...vpnServers]).size === 1 &&
      vpnServers.every((server) => server.healthy) &&
      virtualIps.every(({ owners }) => owners.length === 1) &&
      services.every((service) => service.redundant),
    unreachable: [...states, ...vpnServers].some(({ role }) => role === "down"),
    nodes: sightings.map((sighting) => ({
      ...sighting.state,
      healthy: isWell(sighting),
      drift: hasDrift(sighting.state),
      report: sighting.report ?? null,
      maintenance: sighting.report?.maintenance ?? sighting.maintenance ?? null,
    })),
    trial: trialOf([...sightings, ...vpnSightings]),
    virtual_ips: virtualIps,
    services,
    ...(cluster.vpn === null ? {} : { vpn_servers: vpnServers }),
  };
}

const generationsOf = (states: readonly Pick<NodeState, "generation">[]): Set<string> =>
  new Set(states.map(({ generation }) => `${generation?.number} ${generation?.digest}`));

const isWell = ({ state, report }: Sighting): boolean =>
  isFit(state) &&
  // Its loss makes no node unfit, but the next failover costs sessions.
  (!state.conntrackd || state.conntrackd.process === "running") &&
  // Its loss costs the sessions that passed through it, here; keepalived moves nothing for it.
  (!state.multiplexer || state.multiplexer.process === "running") &&
  !hasDrift(state) &&
  (report === undefined ||
    (report.unsettled === null &&
      report.twoOwners.length === 0 &&
      !report.unreached?.length &&
      !report.unheard?.length &&
      // While a peer is heard it moves nothing, but the next death may leave no owner.
      !report.silentWitnesses?.length &&
      !report.sync?.why &&
      !report.table?.why));

function trialOf(sightings: readonly { readonly report?: AgentReport | null }[]): ClusterStatus["trial"] {
  for (const { report } of sightings) {
    const { confirm_by, author, message } = report?.transaction ?? {};
    if (confirm_by && author !== undefined && message !== undefined) return { confirm_by, author, message };
  }
  return null;
}

const hasDrift = ({ rules, drifts }: NodeState): boolean =>
  rules.missing.length + rules.unexpected.length + drifts.length > 0;
