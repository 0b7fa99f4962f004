import type { Prefix } from "./address.js";
import { prefix } from "./cluster-addresses.js";

/** The network of the servers' own IPv6 addresses (RFC 4193), of which the last 32 bits are their IPv4 ones. */
export const backboneNetwork6: Prefix = prefix("fd68:6f6c:6466::/96");

/** Number of the pair of the servers at two places, from 0. A server that is appended renumbers nobody. */
export function pairNumber(one: number, other: number): number {
  const [lower, higher] = one < other ? [one, other] : [other, one];
  return (higher * (higher - 1)) / 2 + lower;
}

/** Every pair of so many servers, by number. */
export const pairsOf = (servers: number): { readonly lower: number; readonly higher: number }[] =>
  Array.from({ length: servers }, (_, higher) =>
    Array.from({ length: higher }, (_, lower) => ({ lower, higher })),
  ).flat();
