import type { Prefix } from "../topology/address.js";
import type { Cluster, HostAddress } from "../topology/cluster.js";
import { ip, prefixOf } from "../topology/cluster-addresses.js";
import { virtualIpsOn } from "../topology/select.js";
import { firstHost, hostIn, subnetIn, within } from "./layout-addresses.js";
import type { MachineRoute } from "./layout-plan.js";

/** The router that the topology's routes through one network lead to, and the subnets behind it. */
export interface RouterPlan {
  readonly network: string;
  /** Its addresses on the network: the routes' next hops. */
  readonly addresses: readonly HostAddress[];
  /** Subnets behind it, one or two prefixes each (IPv4 first), on each of which it has the first address. */
  readonly behind: readonly (readonly Prefix[])[];
  readonly routes: readonly MachineRoute[];
}

/** `standing`: addresses that other machines of the lab already have. */
export function routers(cluster: Cluster, standing: ReadonlySet<string>): RouterPlan[] {
  return cluster.networks.flatMap((network) => {
    const routes = cluster.routes.filter(
      (route) => route.network === network.name && !standing.has(route.via),
    );
    const vias = [...new Set(routes.map(({ via }) => via))];
    if (vias.length === 0) return [];
    const prefixes = network.cidrs.map(prefixOf);
    const destinations = routes.map(({ destination }) => prefixOf(destination));
    return {
      network: network.name,
      addresses: vias.flatMap((via) => {
        const place = within(prefixes, via);
        return place === undefined ? [] : [hostIn(place, ip(via).value)];
      }),
      behind: paired(
        destinations.flatMap((destination) => subnetIn(destination, allPrefixes(cluster)) ?? []),
      ),
      routes: waysThroughThePair(cluster, network.name),
    };
  });
}

/** The n-th IPv4 subnet and the n-th IPv6 subnet are one dual-stack link. */
function paired(subnets: readonly Prefix[]): Prefix[][] {
  const distinct = subnets.filter(
    (one, index) => subnets.findIndex(({ text }) => text === one.text) === index,
  );
  const four = distinct.filter(({ family }) => family === 4);
  const six = distinct.filter(({ family }) => family === 6);
  return Array.from({ length: Math.max(four.length, six.length) }, (_, index) =>
    [four[index], six[index]].filter((one) => one !== undefined),
  );
}

/** What the neighbours' router is told: networks with virtual IPs and captured addresses lie behind the pair. */
function waysThroughThePair(cluster: Cluster, from: string): MachineRoute[] {
  const own = new Set(
    cluster.networks.filter(({ name }) => name === from).flatMap(({ cidrs }) => cidrs.map(prefixOf)),
  );
  const captured = cluster.nat.destination.map(({ address }) => address);
  const virtual = cluster.virtualIps.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const places = [...captured, ...virtual].flatMap((address) => {
    const place = within(allPrefixes(cluster), address);
    if (place !== undefined) return [...own].some(({ text }) => text === place.text) ? [] : [place.text];
    return [`${address}/${ip(address).family === 4 ? 32 : 128}`];
  });
  return [...new Set(places)].flatMap((destination) => {
    const family = destination.includes(":") ? 6 : 4;
    const via = virtualIpsOn(cluster, from)
      .flatMap(({ addresses }) => addresses)
      .find((address) => address.family === family);
    return via === undefined ? [] : [{ destination, via: via.address }];
  });
}

export const allPrefixes = (cluster: Cluster): Prefix[] =>
  cluster.networks.flatMap(({ cidrs }) => cidrs.map(prefixOf));

/** The router's addresses on a subnet behind it. */
export const routerOn = (behind: readonly Prefix[]): HostAddress[] => behind.map(firstHost);
