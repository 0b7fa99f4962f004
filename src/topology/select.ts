import type { Cluster, Family, Interface, Network, Node, Service, VirtualIp } from "./cluster.js";

/** Look-ups in a Cluster. A Cluster is closed (every reference resolves), so a miss is a defect and throws. */
function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is not part of the cluster`);
  return value;
}

export const nodeNamed = (cluster: Cluster, name: string): Node =>
  found(
    cluster.nodes.find((node) => node.name === name),
    `node ${name}`,
  );

export const networkNamed = (cluster: Cluster, name: string): Network =>
  found(
    cluster.networks.find((network) => network.name === name),
    `network ${name}`,
  );

export const serviceNamed = (cluster: Cluster, name: string): Service =>
  found(
    cluster.services.find((service) => service.name === name),
    `service ${name}`,
  );

export const virtualIpNamed = (cluster: Cluster, name: string): VirtualIp =>
  found(
    cluster.virtualIps.find((virtualIp) => virtualIp.name === name),
    `virtual IP ${name}`,
  );

export const interfaceOn = (node: Node, network: string): Interface | undefined =>
  node.interfaces.find((candidate) => candidate.network === network);

export const peersOf = (cluster: Cluster, node: Node): Node[] =>
  cluster.nodes.filter((other) => other.name !== node.name);

/** Whether there are sessions through the nodes whose state the standbys have to hold. */
export const keepsSessions = ({ services, nat }: Cluster): boolean =>
  services.length + nat.source.length + nat.destination.length > 0;

/** The networks that carry a VRRP instance, in the topology's order. */
export const vrrpNetworks = (cluster: Cluster): Network[] =>
  cluster.networks.filter((network) => cluster.virtualIps.some((ip) => ip.network === network.name));

export const virtualIpsOn = (cluster: Cluster, network: string): VirtualIp[] =>
  cluster.virtualIps.filter((ip) => ip.network === network);

/** Where clients enter a service: its own addresses, and those captured for it. */
export const entrancesOf = (cluster: Cluster, { name, listen }: Service): Entrance[] => [
  ...virtualIpNamed(cluster, listen.virtualIp).addresses.map(({ family, address }) => ({
    ...{ family, address },
    port: listen.port,
  })),
  ...cluster.nat.destination.filter(({ service }) => service === name),
];

export interface Entrance {
  readonly family: Family;
  readonly address: string;
  readonly port: number;
}
