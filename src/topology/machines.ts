import type { Cluster, Node, VpnAddress, VpnServer } from "./cluster.js";
import { interfaceOn } from "./select.js";

/** Whatever runs an agent of the cluster: a load balancer, or a server of the virtual network. */
export type Machine = NodeMachine | VpnMachine;

export interface NodeMachine extends Reachable {
  readonly kind: "node";
  readonly node: Node;
}

export interface VpnMachine extends Reachable {
  readonly kind: "vpn-server";
  readonly server: VpnServer;
}

interface Reachable {
  readonly name: string;
  /** Where its agent listens, on the port that all have; one or two, IPv4 first. */
  readonly agentAddresses: readonly VpnAddress[];
}

/** Every machine of a cluster: the nodes in their order of preference, then the VPN servers in the topology's order. */
export const machinesOf = (cluster: Cluster): Machine[] => [
  ...cluster.nodes.map(
    (node): Machine => ({ kind: "node", name: node.name, node, agentAddresses: ofNode(cluster, node) }),
  ),
  ...(cluster.vpn?.servers ?? []).map(
    (server): Machine => ({
      kind: "vpn-server",
      name: server.name,
      server,
      agentAddresses: server.addresses,
    }),
  ),
];

export const machineNames = (cluster: Cluster): string[] => machinesOf(cluster).map(({ name }) => name);

/** @throws on a name that no machine has: a Cluster is closed, so that this is a defect */
export function machineNamed(cluster: Cluster, name: string): Machine {
  const machine = machinesOf(cluster).find((each) => each.name === name);
  if (machine === undefined) throw new Error(`machine ${name} is not part of the cluster`);
  return machine;
}

const ofNode = ({ agent }: Cluster, node: Node): VpnAddress[] =>
  (agent.network === null ? [] : (interfaceOn(node, agent.network)?.addresses ?? [])).map(
    ({ family, address }) => ({
      family,
      address,
    }),
  );
