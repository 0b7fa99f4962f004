import { contains, type Ip, overlap, type Prefix } from "../address.js";
import type { Draft, DraftNetwork, Placed } from "../draft.js";
import { type Finding, rule } from "../rule.js";

/** An address that belongs to a network lies in one of its prefixes. */
export const addressInNetwork = rule("address-in-network", (draft) =>
  addressesOnNetworks(draft).flatMap(({ value, at, network }) =>
    prefixOf(network, value) === undefined ? [{ at, message: outside(value, network) }] : [],
  ),
);

/** RFC 1122, 3.2.1.3 and RFC 4291, 2.6.1: the first address of a subnet (and the last of an IPv4 one) is no machine's. */
export const hostAddress = rule("host-address", (draft) =>
  [...addressesOnNetworks(draft), ...addressesAnywhere(draft)].flatMap(({ value, at, network }) => {
    const prefix = prefixOf(network, value);
    const special = prefix && whyNoHost(value, prefix);
    return special
      ? [{ at, message: `${value.text} is ${special} of ${prefix.text} (network ${network.name})` }]
      : [];
  }),
);

/** Two networks never share an address: a packet must know where to go. */
export const networksOverlap = rule("networks-overlap", ({ networks }) => {
  const prefixes = [...networks.values()]
    .flatMap((network) => network.cidrs.map((cidr) => ({ ...cidr, network })))
    .sort((a, b) => a.value.family - b.value.family || compare(a.value, b.value));
  // Prefixes nest or are apart, so whatever overlaps a prefix reaches it from the widest one before it.
  let widest: (typeof prefixes)[number] | undefined;
  return prefixes.flatMap((each): Finding[] => {
    const before = widest;
    if (before !== undefined && overlap(before.value, each.value))
      return [
        {
          at: each.at,
          message: `${each.value.text} overlaps ${before.value.text} (network ${before.network.name})`,
        },
      ];
    widest = each;
    return [];
  });
});

/** A node has an address of every family that its network has: VRRP and its peers' packet filters need them. */
export const interfaceFamilies = rule("interface-families", ({ nodes, networks }) =>
  nodes.flatMap(({ name, interfaces }) =>
    interfaces.flatMap(({ network, addresses, at }) =>
      (networks.get(network)?.cidrs ?? [])
        .filter(({ value }) => !addresses.some((address) => address.value.family === value.family))
        .map(({ value }) => ({
          at: [...at, "address"],
          message: `${name} has no IPv${value.family} address on network ${network}, which has ${value.text}`,
        })),
    ),
  ),
);

/** RFC 8200, 5: IPv6 needs an MTU of at least 1280 bytes. */
export const mtuCarriesIpv6 = rule("mtu-carries-ipv6", ({ networks }) =>
  [...networks.values()]
    .filter(({ mtu, cidrs }) => mtu !== null && mtu < 1280 && cidrs.some(({ value }) => value.family === 6))
    .map(({ name, at, mtu }) => ({
      at: [...at, "mtu"],
      message: `${mtu} is too small for IPv6 on network ${name}: at least 1280`,
    })),
);

interface PlacedOnNetwork extends Placed<Ip> {
  readonly network: DraftNetwork;
}

function addressesOnNetworks({ nodes, virtualIps, networks, spec }: Draft): PlacedOnNetwork[] {
  const on = (name: string, addresses: readonly Placed<Ip>[]): PlacedOnNetwork[] => {
    const network = networks.get(name);
    return network === undefined ? [] : addresses.map((address) => ({ ...address, network }));
  };
  return [
    ...[...networks.values()].flatMap(({ name, gateway }) => (gateway === null ? [] : on(name, [gateway]))),
    ...nodes.flatMap(({ interfaces }) =>
      interfaces.flatMap(({ network, addresses }) => on(network, addresses)),
    ),
    ...virtualIps.flatMap(({ network, addresses }) => on(network, addresses)),
    ...spec.lab.hosts.flatMap(({ network, address }, index) =>
      on(network, [{ value: address, at: ["lab", "hosts", index, "address"] }]),
    ),
  ];
}

/** Addresses that belong to no network by name, with the network that they lie in, if any. */
const addressesAnywhere = ({ servers, routes, spec, connected }: Draft): PlacedOnNetwork[] =>
  [
    ...servers.map(({ address, at }) => ({ value: address, at: [...at, "address"] })),
    ...routes.map(({ via, at }) => ({ value: via, at: [...at, "via"] })),
    ...spec.failover.witness.map((value, index) => ({ value, at: ["failover", "witness", index] })),
    ...spec.nat.destination.map(({ address }, index) => ({
      value: address,
      at: ["nat", "destination", index, "address"],
    })),
  ].flatMap((address) => {
    const network = connected(address.value);
    return network === undefined ? [] : [{ ...address, network }];
  });

const prefixOf = (network: DraftNetwork, ip: Ip): Prefix | undefined =>
  network.cidrs.find(({ value }) => contains(value, ip))?.value;

function outside(ip: Ip, network: DraftNetwork): string {
  const prefix = network.cidrs.find(({ value }) => value.family === ip.family)?.value;
  return prefix === undefined
    ? `${ip.text} is IPv${ip.family}, but network ${network.name} has no IPv${ip.family} prefix`
    : `${ip.text} is outside ${prefix.text} (network ${network.name})`;
}

/** RFC 3021 and RFC 6164 leave no special addresses in /31 and /127. */
function whyNoHost(ip: Ip, prefix: Prefix): string | null {
  const pointToPoint = prefix.last - prefix.first <= 1n;
  if (pointToPoint) return null;
  if (ip.value === prefix.first)
    return ip.family === 4 ? "the network address" : "the subnet-router anycast address";
  return ip.family === 4 && ip.value === prefix.last ? "the broadcast address" : null;
}

const compare = (a: Prefix, b: Prefix): number =>
  a.first === b.first ? a.prefix - b.prefix : a.first < b.first ? -1 : 1;
