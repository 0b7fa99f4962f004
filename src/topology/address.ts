import { Address4, Address6 } from "ip-address";
import type { Cidr, Family } from "./cluster.js";

/** An address as a value: comparable, and printable in canonical form (RFC 5952 for IPv6). */
export interface Ip {
  readonly family: Family;
  readonly text: string;
  readonly value: bigint;
}

/** A prefix as a value, with the first and the last address that it holds. */
export interface Prefix extends Cidr {
  readonly text: string;
  readonly first: bigint;
  readonly last: bigint;
}

/** What came of reading a text: the value, or why it was refused. */
export type Parsed<T> = { readonly value: T } | { readonly refused: string };

export const bits = (family: Family): number => (family === 4 ? 32 : 128);

/** Reads any single address; `parseHost` also refuses those that no machine can have. */
export function parseIp(text: string): Parsed<Ip> {
  if (/^[0-9.]{7,15}$/.test(text)) return parse4(text);
  if (/^[0-9a-fA-F:]{2,39}$/.test(text) && text.includes(":")) return parse6(text);
  if (/^[0-9a-fA-F:]{2,39}%/.test(text)) return { refused: "an address with a zone is not supported" };
  if (/^[0-9a-fA-F:]+:[0-9.]+$/.test(text))
    return {
      refused: "write an IPv6 address without a dotted part (IPv4-mapped addresses are not supported)",
    };
  return { refused: "not an IPv4 or IPv6 address" };
}

function parse4(text: string): Parsed<Ip> {
  // inet_aton(3) reads 010 as octal 8, people read it as 10: refuse instead of choosing.
  if (text.split(".").some((part) => /^0[0-9]/.test(part)))
    return { refused: "leading zeros are ambiguous (octal or decimal); write the numbers without them" };
  try {
    return { value: { family: 4, text, value: new Address4(text).bigInt() } };
  } catch {
    return { refused: "not an IPv4 address" };
  }
}

function parse6(text: string): Parsed<Ip> {
  try {
    const parsed = new Address6(text);
    return { value: { family: 6, text: parsed.correctForm(), value: parsed.bigInt() } };
  } catch {
    return { refused: "not an IPv6 address" };
  }
}

/** Reads `10.0.1.0/24`; bits behind the prefix length are refused. */
export function parsePrefix(text: string): Parsed<Prefix> {
  const [address, length, ...rest] = text.split("/");
  if (
    address === undefined ||
    length === undefined ||
    rest.length > 0 ||
    !/^(0|[1-9][0-9]{0,2})$/.test(length)
  )
    return { refused: "not a prefix such as 10.0.1.0/24 or 2001:db8:1::/64" };
  const parsed = parseIp(address);
  if ("refused" in parsed) return parsed;
  const { family, value } = parsed.value;
  const prefix = Number(length);
  if (prefix > bits(family))
    return { refused: `the prefix length of IPv${family} is at most ${bits(family)}` };
  const host = (1n << BigInt(bits(family) - prefix)) - 1n;
  if ((value & host) !== 0n)
    return {
      refused: `bits are set behind the prefix length; did you mean \`${formatIp(family, value & ~host)}/${prefix}\`?`,
    };
  return {
    value: {
      family,
      address: parsed.value.text,
      prefix,
      text: `${parsed.value.text}/${prefix}`,
      first: value,
      last: value | host,
    },
  };
}

/** Canonical text of an address value. */
export const formatIp = (family: Family, value: bigint): string =>
  family === 4 ? Address4.fromBigInt(value).correctForm() : Address6.fromBigInt(value).correctForm();

export const contains = (prefix: Prefix, ip: Ip): boolean =>
  prefix.family === ip.family && prefix.first <= ip.value && ip.value <= prefix.last;

/** Whether every address of `inner` is also in `outer`. */
export const covers = (outer: Prefix, inner: Prefix): boolean =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;

export const overlap = (a: Prefix, b: Prefix): boolean => covers(a, b) || covers(b, a);

/** Ranges in which no machine of a cluster can have its address, with their names. */
const unusable: readonly (readonly [string, Prefix])[] = (
  [
    ["0.0.0.0/8", "an unspecified address (RFC 1122, 3.2.1.3)"],
    ["127.0.0.0/8", "a loopback address"],
    ["224.0.0.0/4", "a multicast address"],
    ["240.0.0.0/4", "a reserved address (RFC 1112, 4)"],
    ["::/128", "the unspecified address"],
    ["::1/128", "the loopback address"],
    ["::ffff:0:0/96", "an IPv4-mapped address; write it as IPv4"],
    ["fe80::/10", "a link-local address, which needs a zone; use a global or unique local one"],
    ["ff00::/8", "a multicast address"],
  ] as const
).flatMap(([text, name]) => {
  const parsed = parsePrefix(text);
  return "value" in parsed ? [[name, parsed.value] as const] : [];
});

/** Why no machine can have this address; null when one can. */
export const whyUnusable = (ip: Ip): string | null =>
  unusable.find(([, prefix]) => contains(prefix, ip))?.[0] ?? null;

/** Why no network can have this prefix; null when one can. */
export const whyUnusablePrefix = (candidate: Prefix): string | null =>
  unusable.find(([, prefix]) => covers(prefix, candidate))?.[0] ?? null;
