import { contains, covers } from "../topology/address.js";
import type { Cidr, Cluster, DestinationNat, Family, Network, Service } from "../topology/cluster.js";
import { ip, prefixOf } from "../topology/cluster-addresses.js";
import { networkNamed, virtualIpNamed, virtualIpsOn } from "../topology/select.js";

/** A static route that a neighbour needs; `destination` is a prefix or `default`. */
export interface NeighbourRoute {
  readonly family: Family;
  readonly destination: string;
  readonly via: string;
}

/** Machines on a network that must send something through the pair. */
export interface RoutedNeighbour {
  readonly network: string;
  /** Those that the topology knows: addresses of routers, names of servers. */
  readonly machines: readonly string[];
  readonly routes: readonly NeighbourRoute[];
}

/** Where the clients of a service find it. */
export interface ServiceEndpoint {
  readonly service: string;
  readonly openflow: boolean;
  readonly endpoints: readonly Endpoint[];
}

export interface Endpoint {
  readonly family: Family;
  readonly address: string;
  readonly port: number;
  /** Not announced: reached through a route to the pair. */
  readonly captured: boolean;
}

/** What must be set beside the cluster, so that its neighbours use it. */
export interface Neighbours {
  readonly routers: readonly RoutedNeighbour[];
  readonly servers: readonly RoutedNeighbour[];
  readonly clients: readonly ServiceEndpoint[];
}

export function neighbours(cluster: Cluster): Neighbours {
  return {
    routers: cluster.networks.map((network) => routersOn(cluster, network)).filter(needsRoutes),
    servers: serverNetworks(cluster)
      .map((network) => serversOn(cluster, network))
      .filter(needsRoutes),
    clients: cluster.services.map((service) => endpoint(cluster, service)),
  };
}

const needsRoutes = ({ routes }: RoutedNeighbour): boolean => routes.length > 0;

/** Routers on a network send the captured addresses, and networks whose own addresses are seen there, to the pair. */
function routersOn(cluster: Cluster, network: Network): RoutedNeighbour {
  const machines = new Set([
    ...(network.gateway === null ? [] : [network.gateway]),
    ...cluster.routes.filter((route) => route.network === network.name).map((route) => route.via),
  ]);
  const captured = cluster.nat.destination
    .filter(({ inbound, address }) => inbound === network.name && !isVirtualIp(cluster, address))
    .map((nat) => ({ family: nat.family, destination: single(nat) }));
  const visible = machines.size === 0 ? [] : visiblePrefixes(cluster, network);
  const routes = [...captured, ...visible].flatMap(({ family, destination }) =>
    route(cluster, network, family, destination),
  );
  return { network: network.name, machines: [...machines], routes: distinctRoutes(routes) };
}

/** Prefixes of the servers' networks that leave on this network under their own addresses. */
const visiblePrefixes = (cluster: Cluster, network: Network) =>
  serverNetworks(cluster)
    .filter(({ name }) => name !== network.name)
    .flatMap(({ cidrs }) => cidrs)
    .filter((cidr) => !isTranslated(cluster, cidr, network.name))
    .map((cidr) => ({ family: cidr.family, destination: prefixText(cidr) }));

const isTranslated = (cluster: Cluster, cidr: Cidr, outbound: string): boolean =>
  cluster.nat.source.some(
    (nat) => nat.outbound === outbound && nat.from.some((from) => covers(prefixOf(from), prefixOf(cidr))),
  );

/** Servers answer and start sessions through the pair: it is their gateway, or with a router of their own one of two. */
function serversOn(cluster: Cluster, network: Network): RoutedNeighbour {
  const names = cluster.services
    .flatMap(({ servers }) => servers)
    .filter(({ address }) => stands(network, address));
  const destinations =
    network.gateway === null
      ? network.cidrs.map(({ family }) => ({ family, destination: "default" }))
      : clientPrefixes(cluster, network).map((cidr) => ({
          family: cidr.family,
          destination: prefixText(cidr),
        }));
  const routes = destinations.flatMap(({ family, destination }) =>
    route(cluster, network, family, destination),
  );
  return {
    network: network.name,
    machines: [...new Set(names.map(({ name }) => name))],
    routes: distinctRoutes(routes),
  };
}

function endpoint(cluster: Cluster, service: Service): ServiceEndpoint {
  const { virtualIp, port } = service.listen;
  const listening = virtualIpNamed(cluster, virtualIp).addresses.map(({ family, address }) => ({
    family,
    address,
    port,
    captured: false,
  }));
  const captured = cluster.nat.destination
    .filter((nat) => nat.service === service.name)
    .map((nat) => ({
      family: nat.family,
      address: nat.address,
      port: nat.port,
      captured: !isVirtualIp(cluster, nat.address),
    }));
  return {
    service: service.name,
    openflow: service.healthCheck.type === "openflow",
    endpoints: [...listening, ...captured],
  };
}

const serverNetworks = (cluster: Cluster): Network[] => {
  const addresses = cluster.services.flatMap(({ servers }) => servers.map(({ address }) => address));
  return cluster.networks.filter((network) => addresses.some((address) => stands(network, address)));
};

/** The networks on which services listen, and what lies behind the routers there. */
function clientPrefixes(cluster: Cluster, except: Network): Cidr[] {
  const names = new Set(
    cluster.services.map(({ listen }) => virtualIpNamed(cluster, listen.virtualIp).network),
  );
  names.delete(except.name);
  return [...names].flatMap((name) => [
    ...networkNamed(cluster, name).cidrs,
    ...cluster.routes.filter((route) => route.network === name).map(({ destination }) => destination),
  ]);
}

/** The route over the pair's first virtual IP of the family on the network; none where there is no such address. */
function route(cluster: Cluster, network: Network, family: Family, destination: string): NeighbourRoute[] {
  const via = virtualIpsOn(cluster, network.name)
    .flatMap(({ addresses }) => addresses)
    .find((address) => address.family === family);
  return via === undefined ? [] : [{ family, destination, via: via.address }];
}

const single = ({ family, address }: DestinationNat): string => `${address}/${family === 4 ? 32 : 128}`;

const prefixText = ({ address, prefix }: Cidr): string => `${address}/${prefix}`;

const isVirtualIp = (cluster: Cluster, address: string): boolean =>
  cluster.virtualIps.some(({ addresses }) => addresses.some((own) => own.address === address));

const stands = (network: Network, address: string): boolean =>
  network.cidrs.some((cidr) => contains(prefixOf(cidr), ip(address)));

const distinctRoutes = (routes: readonly NeighbourRoute[]): NeighbourRoute[] => [
  ...new Map(routes.map((each) => [`${each.destination} ${each.via}`, each])).values(),
];
