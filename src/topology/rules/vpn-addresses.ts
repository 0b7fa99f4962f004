import { contains, covers, type Ip, overlap, type Prefix } from "../address.js";
import type { Finding } from "../rule.js";
import type { WrittenVpn } from "../schema/vpn.js";
import { backboneNetwork6, pairsOf } from "../vpn-backbone.js";
import { each, placedIn, repeated, textOf, vpnRule } from "./vpn-rule.js";

/** A client that lands on a server gets an address of every family, or it would lose one by moving. */
export const vpnRangeFamilies = vpnRule("vpn-range-families", ({ pool, servers }) =>
  placedIn("servers", servers).flatMap(({ name, clients, at }) =>
    pool
      .filter(({ family }) => !clients.some((range) => range.family === family))
      .map(({ family, text }) => ({
        at: [...at, "clients"],
        message: `${name} has no IPv${family} addresses for its clients, but the pool has ${text}: add a part of it`,
      })),
  ),
);

/** What is as wide as the pool leaves nothing to the other servers, and is no route that they would take. */
export const vpnRangesInPool = vpnRule("vpn-ranges-in-pool", ({ pool, servers, clients }) =>
  [...rangesOf(servers), ...subnetsOf(clients)]
    .filter(({ value }) => !pool.some((whole) => covers(whole, value) && whole.prefix < value.prefix))
    .map(({ value, at }) => ({ at, message: `${value.text} is no part of the pool (${listOf(pool)})` })),
);

/** The widest and the narrowest network that OpenVPN's `server` and `server-ipv6` take (openvpn(8)). */
const rangeLengths = { 4: { from: 16, to: 29 }, 6: { from: 64, to: 124 } } as const;

export const vpnRangeSizes = vpnRule("vpn-range-sizes", ({ servers }) =>
  rangesOf(servers).flatMap(({ value, at }): Finding[] => {
    const { from, to } = rangeLengths[value.family];
    if (value.prefix >= from && value.prefix <= to) return [];
    return [{ at, message: `${value.text}: OpenVPN gives clients addresses of a /${from} to a /${to}` }];
  }),
);

/** Each address has one server, or one client, that answers for it. */
export const vpnRangesAreApart = vpnRule("vpn-ranges-are-apart", ({ servers, clients }) => {
  const all = [...rangesOf(servers), ...subnetsOf(clients)].sort(
    (a, b) =>
      a.value.family - b.value.family ||
      order(a.value.first, b.value.first) ||
      a.value.prefix - b.value.prefix,
  );
  // Prefixes nest or are apart, so whatever overlaps a prefix reaches it from the widest one before it.
  let widest: (typeof all)[number] | undefined;
  return all.flatMap((range): Finding[] => {
    const before = widest;
    if (before !== undefined && overlap(before.value, range.value))
      return [
        { at: range.at, message: `${range.value.text} overlaps ${before.value.text} of ${before.name}` },
      ];
    widest = range;
    return [];
  });
});

/** An address in a server's range is given to whoever comes first, and is routed there whoever has it. */
export const vpnFixedAddresses = vpnRule("vpn-fixed-addresses", ({ pool, servers, clients }) => {
  const ranges = rangesOf(servers);
  return fixedOf(clients).flatMap(({ value, at }): Finding[] => {
    const whole = pool.find((prefix) => contains(prefix, value));
    if (whole === undefined)
      return [
        { at, message: `${value.text} is outside the pool (${listOf(pool)}), and would not be routed` },
      ];
    const range = ranges.find((each) => contains(each.value, value));
    if (range !== undefined)
      return [
        {
          at,
          message:
            value.value === range.value.first + 1n
              ? `${value.text} is the address of ${range.name} itself`
              : `${value.text} is in ${range.value.text}, of which ${range.name} gives addresses to others; take one outside of every server's range`,
        },
      ];
    const last = value.family === 4 && value.value === whole.last;
    return value.value === whole.first || last
      ? [
          {
            at,
            message: `${value.text} is the ${last ? "last" : "first"} address of ${whole.text}, which no machine can have`,
          },
        ]
      : [];
  });
});

export const vpnFixedAddressesAreUnique = vpnRule("vpn-fixed-addresses-are-unique", ({ clients }) => {
  const subnets = subnetsOf(clients);
  return [
    ...repeated(
      fixedOf(clients),
      ({ value }) => value.text,
      ({ value, at }, { name }) => ({
        at,
        message: `${value.text} is already the address of client ${name}`,
      }),
    ),
    ...fixedOf(clients).flatMap(({ value, at, name }) =>
      subnets
        .filter((subnet) => subnet.client !== name && contains(subnet.value, value))
        .map((subnet) => ({
          at,
          message: `${value.text} is in ${subnet.value.text}, which is behind client ${subnet.client}`,
        })),
    ),
  ];
});

/** What is reached through the network cannot also be what the network is reached by. */
export const vpnOuterAddresses = vpnRule("vpn-outer-addresses", ({ pool, servers }) => {
  const outer = placedIn("servers", servers).flatMap(({ name, address, backbone, at }) => [
    ...each(address, [...at, "address"]).map((own) => ({ ...own, name })),
    { value: backbone, at: [...at, "backbone"], name },
  ]);
  return [
    ...outer
      .filter(({ value }) => pool.some((prefix) => contains(prefix, value)))
      .map(({ value, at }) => ({
        at,
        message: `${value.text} is in the pool; a server needs one outside of it`,
      })),
    ...repeated(
      outer,
      ({ value }) => textOf(value),
      ({ value, at }, { name }) => ({
        at,
        message: `${value.text} is already an address of server ${name}`,
      }),
    ),
  ];
});

/** The servers' own IPv6 addresses are made of their IPv4 ones. */
export const vpnPoolLeavesBackbone = vpnRule("vpn-pool-leaves-backbone", ({ pool }) =>
  each(pool, ["vpn", "pool"])
    .filter(({ value }) => overlap(value, backboneNetwork6))
    .map(({ value, at }) => ({
      at,
      message: `${value.text} overlaps ${backboneNetwork6.text}, in which the servers have their addresses; take another unique local prefix (RFC 4193)`,
    })),
);

/** The tunnel of a pair goes between two addresses of one family. */
export const vpnServersMeet = vpnRule("vpn-servers-meet", ({ servers }) =>
  pairsOf(servers.length).flatMap(({ lower, higher }): Finding[] => {
    const [one, other] = [servers[lower], servers[higher]];
    if (one === undefined || other === undefined || shareFamily(one.address, other.address)) return [];
    return [
      {
        at: ["vpn", "servers", higher, "address"],
        message: `${other.name} has IPv${other.address[0]?.family} alone and ${one.name} IPv${one.address[0]?.family}: no tunnel can join them; give one of them both`,
      },
    ];
  }),
);

const shareFamily = (one: readonly Ip[], other: readonly Ip[]): boolean =>
  one.some(({ family }) => other.some((address) => address.family === family));

interface Range {
  readonly value: Prefix;
  readonly at: readonly (string | number)[];
  /** Whose it is, for messages. */
  readonly name: string;
}

const rangesOf = (servers: WrittenVpn["servers"]): Range[] =>
  placedIn("servers", servers).flatMap(({ name, clients, at }) =>
    each(clients, [...at, "clients"]).map((range) => ({ ...range, name: `server ${name}` })),
  );

const subnetsOf = (clients: WrittenVpn["clients"]): (Range & { readonly client: string })[] =>
  placedIn("clients", clients).flatMap(({ name, subnets, at }) =>
    each(subnets, [...at, "subnets"]).map((range) => ({ ...range, name: `client ${name}`, client: name })),
  );

const fixedOf = (clients: WrittenVpn["clients"]) =>
  placedIn("clients", clients).flatMap(({ name, address, at }) =>
    each(address, [...at, "address"]).map((own) => ({ ...own, name })),
  );

const listOf = (prefixes: readonly Prefix[]): string => prefixes.map(({ text }) => text).join(", ");

const order = (a: bigint, b: bigint): number => (a === b ? 0 : a < b ? -1 : 1);
