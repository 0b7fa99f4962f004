import type { Ip } from "../address.js";
import type { Path } from "../path.js";
import { type Finding, type Rule, rule } from "../rule.js";
import type { WrittenVpn } from "../schema/vpn.js";

/** A question put to the section `vpn`, which is there whole or not at all; paths begin with its key. */
export const vpnRule = (name: string, check: (vpn: WrittenVpn) => Finding[]): Rule =>
  rule(name, ({ spec: { vpn } }) => (vpn === undefined ? [] : check(vpn)));

/** The members of a list of the section with their places. */
export const placedIn = <T extends object>(
  list: string,
  values: readonly T[],
): (T & { readonly at: Path })[] => values.map((value, index) => ({ ...value, at: ["vpn", list, index] }));

/** What stands where somebody gave one value, or one of each family. */
export const each = <T>(values: readonly T[], at: Path): { readonly value: T; readonly at: Path }[] =>
  values.map((value, index) => ({ value, at: [...at, index] }));

/** Findings about whatever has a key that something before it has. */
export function repeated<T>(
  values: readonly T[],
  key: (value: T) => string,
  finding: (value: T, first: T) => Finding,
): Finding[] {
  const seen = new Map<string, T>();
  return values.flatMap((value) => {
    const first = seen.get(key(value));
    if (first !== undefined) return [finding(value, first)];
    seen.set(key(value), value);
    return [];
  });
}

export const textOf = ({ text }: Ip): string => text;
