import type { Ip, Prefix } from "../../topology/address.js";
import { readIp, readPrefix } from "../address.js";
import type { Place, Tell } from "../finding.js";
import type { SourceText } from "../source-text.js";
import { type Match, type NatRule, natRules } from "./rules.js";

/** What leaves on `device` from `from` gets another source. */
export interface SourceTranslation extends Place {
  readonly from: Prefix | null;
  readonly device: string;
  readonly to: Ip;
  readonly text: string;
}

/** What comes for `address` and `port` gets another destination; several of one kind share the sessions out. */
export interface DestinationTranslation extends Place {
  readonly address: Ip;
  readonly port: number;
  readonly device: string | null;
  readonly to: Ip;
  readonly toPort: number;
  /** How the rule came to be chosen among several. */
  readonly share: "all" | "turns" | "hash";
  readonly text: string;
}

export interface Translations {
  readonly sources: readonly SourceTranslation[];
  readonly destinations: readonly DestinationTranslation[];
}

/** Reads the translations of an iptables-save file that a topology can have; all others are told. */
export function readTranslations(source: SourceText, tell: Tell): Translations {
  const sources: SourceTranslation[] = [];
  const destinations: DestinationTranslation[] = [];
  for (const rule of natRules(source, tell)) {
    if (["RETURN", "HMARK", "MARK", "LOG", ""].includes(rule.target)) {
      const ours = rule.target === "HMARK" || rule.matches.some(({ option }) => option === "--src-type");
      if (!ours) lost(rule, "only what translates is carried over", tell);
    } else if (rule.builtin === "POSTROUTING") {
      const read = readSource(rule);
      if (typeof read === "string") lost(rule, read, tell);
      else sources.push(carried(read, tell));
    } else {
      const read = readDestination(rule);
      if (typeof read === "string") lost(rule, read, tell);
      else destinations.push(carried(read, tell));
    }
  }
  return { sources, destinations };
}

const lost = (rule: NatRule, why: string, tell: Tell): void =>
  tell(rule, "lost", rule.text, why, "it stays in force where it is; holdfast leaves it alone");

/** The old rule goes on beside the new one until somebody takes it out. */
function carried<T extends Place & { readonly text: string }>(rule: T, tell: Tell): T {
  if (!rule.text.includes("HOLDFAST-"))
    tell(
      rule,
      "replaced",
      rule.text,
      "holdfast loads a rule of its own",
      "take this one out of what the machine loads at boot once the topology is applied",
    );
  return rule;
}

function readSource(rule: NatRule): SourceTranslation | string {
  if (rule.target === "MASQUERADE")
    return "the node's own address changes with the active node: nat.source translates to a virtual IP";
  if (rule.target !== "SNAT") return `import does not know what ${rule.target} does`;
  const { rest, take } = taking(rule.matches);
  const from = take("-s");
  const device = take("-o");
  if (rest().length > 0) return notSo(rest());
  if (device === undefined) return "nat.source says on which network the packets leave (-o)";
  const [to = "", ...more] = option(rule, "--to-source");
  const ip = readIp(to);
  if (ip === null || more.length > 0)
    return "nat.source translates to one address, and leaves the port alone";
  const prefix = from === undefined ? null : readPrefix(from);
  if (from !== undefined && prefix === null) return `${from} is no prefix`;
  return { file: rule.file, line: rule.line, text: rule.text, from: prefix, device, to: ip };
}

function readDestination(rule: NatRule): DestinationTranslation | string {
  if (rule.target !== "DNAT") return `import does not know what ${rule.target} does`;
  const { rest, take } = taking(rule.matches);
  const address = readIp((take("-d") ?? "").replace(/\/(32|128)$/, ""));
  const device = take("-i") ?? null;
  const protocol = take("-p");
  const port = Number(take("--dport"));
  const hash = take("--mark");
  const turns = [take("--mode"), take("--every"), take("--packet"), take("--probability")];
  if (rest().length > 0) return notSo(rest());
  if (address === null || protocol !== "tcp" || !(Number.isInteger(port) && port > 0 && port < 65536))
    return "nat.destination and services translate one address and TCP port";
  const [to = "", ...more] = option(rule, "--to-destination");
  const [, v6, v4, toPort] = /^(?:\[([^\]]+)\]|([^:]+)|[0-9a-fA-F:]+)(?::([0-9]{1,5}))?$/.exec(to) ?? [];
  const ip = readIp(v6 ?? v4 ?? to);
  if (ip === null || more.length > 0) return "a packet is sent to one address and port";
  const shares = turns.some((turn) => turn !== undefined) ? "turns" : "all";
  return {
    ...{ file: rule.file, line: rule.line, text: rule.text, address, port, device, to: ip },
    toPort: toPort === undefined ? port : Number(toPort),
    share: hash === undefined ? shares : "hash",
  };
}

const notSo = (rest: readonly Match[]): string =>
  `a translation of the topology has no ${rest.map(({ negated, option: name }) => `${negated ? "! " : ""}${name}`).join(", ")}`;

/** Takes matches one by one; what is left nobody understood. The same match on a chain and in it counts once. */
function taking(matches: readonly Match[]) {
  const left = new Map<string, Match[]>();
  for (const match of matches) left.set(match.option, [...(left.get(match.option) ?? []), match]);
  return {
    rest: (): Match[] => [...left.values()].flat(),
    take: (name: string): string | undefined => {
      const found = left.get(name);
      const [first] = found ?? [];
      const same = found?.every(
        ({ negated, values }) => !negated && values.length === 1 && values[0] === first?.values[0],
      );
      if (first === undefined || same !== true) return undefined;
      left.delete(name);
      return first.values[0];
    },
  };
}

function option({ targetOptions }: NatRule, name: string): string[] {
  const at = targetOptions.indexOf(name);
  return at < 0 ? [] : targetOptions.slice(at + 1);
}
