import { bits, contains, formatIp, overlap, type Prefix } from "../topology/address.js";
import type { Cluster, HostAddress } from "../topology/cluster.js";
import { ip, prefix } from "../topology/cluster-addresses.js";

export const hostIn = (place: Prefix, value: bigint): HostAddress => ({
  family: place.family,
  address: formatIp(place.family, value),
  prefix: place.prefix,
});

/** The first address that a host can have; a router behind the pair takes it. */
export const firstHost = (place: Prefix): HostAddress => hostIn(place, place.first + 1n);

/** RFC 2526 reserves the top of an IPv6 subnet: there, look down from offset 0xffff. */
const highestOffset = 0xffffn;

/** Hands out free addresses of a prefix, from its top: operators number from the bottom. */
export class AddressPool {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  take(place: Prefix): HostAddress {
    const top = place.last - place.first < highestOffset ? place.last : place.first + highestOffset;
    for (let value = top - 1n; value > place.first; value--) {
      const candidate = hostIn(place, value);
      if (this.#taken.has(candidate.address)) continue;
      this.#taken.add(candidate.address);
      return candidate;
    }
    throw new Error(`${place.text} has no free address for a machine of the lab`);
  }
}

/** Every single address that the topology names. */
export const addressesIn = (cluster: Cluster): string[] => [
  ...cluster.networks.flatMap(({ gateway }) => (gateway === null ? [] : [gateway])),
  ...cluster.nodes.flatMap(({ interfaces }) =>
    interfaces.flatMap(({ addresses }) => addresses.map((a) => a.address)),
  ),
  ...cluster.virtualIps.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
  ...cluster.services.flatMap(({ servers }) => servers.map(({ address }) => address)),
  ...cluster.services.flatMap(({ mirror }) => (mirror === null ? [] : [mirror.to.address])),
  ...cluster.nat.destination.map(({ address }) => address),
  ...cluster.nat.source.flatMap(({ translateTo }) => translateTo.map(({ address }) => address)),
  ...cluster.routes.map(({ via }) => via),
  ...cluster.failover.witnesses.map(({ address }) => address),
  ...cluster.lab.hosts.map(({ address }) => address.address),
  ...(cluster.vpn?.servers ?? []).flatMap(({ addresses }) => addresses.map(({ address }) => address)),
];

/** Subnets of documentation (RFC 5737, RFC 3849) stand for "everywhere" behind a default route. */
const elsewhere = { 4: "198.51.100.0/24", 6: "2001:db8:ffff:ffff::/64" } as const;

/** A prefix that one link can carry inside a route's destination, clear of every network of the cluster. */
export function subnetIn(destination: Prefix, networks: readonly Prefix[]): Prefix | null {
  const widest = destination.family === 4 ? 24 : 64;
  if (destination.prefix === 0) return prefix(elsewhere[destination.family]);
  if (destination.prefix > bits(destination.family) - 2) return null; // No room for a router and a host.
  if (destination.prefix >= widest && !networks.some((network) => overlap(network, destination)))
    return destination;
  const size = 1n << BigInt(bits(destination.family) - Math.max(widest, destination.prefix));
  for (let first = destination.last - size + 1n; first >= destination.first; first -= size) {
    const candidate = prefix(
      `${formatIp(destination.family, first)}/${Math.max(widest, destination.prefix)}`,
    );
    if (!networks.some((network) => overlap(network, candidate))) return candidate;
  }
  return null;
}

/** A /24 for the hosts behind the switches that meets nothing else. */
export function dataPlanePrefix(taken: readonly Prefix[]): Prefix {
  for (let third = 255; third >= 0; third--) {
    const candidate = prefix(`172.31.${third}.0/24`);
    if (!taken.some((other) => overlap(other, candidate))) return candidate;
  }
  throw new Error("172.31.0.0/16 is in use by the topology: the lab's data plane has no subnet left");
}

export const within = (places: readonly Prefix[], address: string): Prefix | undefined =>
  places.find((place) => contains(place, ip(address)));
