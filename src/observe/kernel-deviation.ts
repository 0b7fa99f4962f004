import type { Routing } from "../deploy/kernel-routing.js";
import type { Setting } from "../deploy/kernel-settings.js";
import { textDiff } from "../deploy/text-diff.js";
import { isBucketChain } from "../render/chains.js";
import { compareRules } from "../render/kernel-rules.js";
import { readRules, type SavedTable } from "../render/saved-rules.js";
import type { Family } from "../topology/cluster.js";
import { type Deviation, valueDeviations } from "./deviation.js";

/**
 * How our chains in the kernel stand otherwise than they were rendered; null when they do not. The chains of `nat`
 * services follow their servers' health: what the agent put there is no drift, unless there is nothing at all.
 */
export function ruleDeviation(family: Family, rendered: string, saved: string): Deviation | null {
  const { missing, unexpected } = compareRules(rendered, saved);
  if (missing.length + unexpected.length === 0) return null;
  const [wanted, kernel] = [readRules(rendered), readRules(saved)];
  const diff = textDiff(
    { name: "generation", body: rulesText(wanted, kernel) },
    { name: "kernel", body: rulesText(kernel, wanted) },
  );
  const parts = [
    ...(missing.length > 0 ? [`lacks ${count(missing)}`] : []),
    ...(unexpected.length > 0 ? [`has ${count(unexpected)} that nobody rendered`] : []),
  ];
  return {
    kind: "rules",
    what: `IPv${family}`,
    diff,
    sentence: `the kernel ${parts.join(" and ")} (IPv${family})`,
  };
}

const count = (rules: readonly string[]): string =>
  `${rules.length} ${rules.length === 1 ? "rule" : "rules"}`;

type Tables = ReadonlyMap<string, SavedTable>;

/** Our part of a ruleset as iptables-save would print it, each table's jumps first and in one order. */
const rulesText = (tables: Tables, others: Tables): string =>
  [...tables]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, table]) => {
      const lines = [...table.jumps].sort().map((jump) => `-A ${jump}`);
      return [`*${name}`, ...lines, ...chainLines(table, others.get(name))];
    })
    .map((line) => `${line}\n`)
    .join("");

const chainLines = ({ chains }: SavedTable, other: SavedTable | undefined): string[] =>
  [...chains]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([chain, rules]) => {
      const follows = isBucketChain(chain) && rules.length > 0 && (other?.chains.get(chain)?.length ?? 0) > 0;
      return [`:${chain}`, ...(follows ? [] : rules.map((rule) => `-A ${chain} ${rule}`))];
    });

export const settingDeviations = (
  wanted: readonly Setting[],
  kernel: ReadonlyMap<string, string>,
): Deviation[] =>
  valueDeviations(
    "setting",
    new Map(wanted.map(([key, value]) => [key, `= ${value}`])),
    new Map(
      wanted
        .flatMap(([key]) => [[key, kernel.get(key)] as const])
        .flatMap(([key, value]) => (value === undefined ? [] : [[key, `= ${value}`] as const])),
    ),
    (key, shall, is) => `${key} is ${is?.slice(2) ?? "unknown"} instead of ${shall?.slice(2)}`,
  );

/** Routes by destination, MTUs by device, and the way back of transparent sessions by family. */
export const routingDeviations = (wanted: Routing, kernel: Routing): Deviation[] => {
  const set = new Set(wanted.links.map(({ device }) => device));
  const links = kernel.links.filter(({ device }) => set.has(device));
  return [
    ...valueDeviations("route", routeLines(wanted), routeLines(kernel), (to, shall, is) =>
      [
        ...(shall === undefined ? [] : [`the kernel lacks the route ${to} ${shall}`]),
        ...(is === undefined ? [] : [`the kernel has a route that nobody rendered: ${to} ${is}`]),
      ].join(", and "),
    ),
    ...valueDeviations(
      "route",
      new Map(wanted.links.map(({ device, mtu }) => [device, `mtu ${mtu}`])),
      new Map(links.map(({ device, mtu }) => [device, `mtu ${mtu}`])),
      (device, shall, is) =>
        `${device} has an MTU of ${is?.slice(4) ?? "nothing"} instead of ${shall?.slice(4)}`,
    ),
    ...valueDeviations(
      "route",
      wayBack(wanted.wayBack),
      wayBack(kernel.wayBack.filter((family) => wanted.wayBack.includes(family))),
      (what) => `the kernel lacks the ${what}`,
    ),
  ];
};

/** Several routes to one destination are one value. */
function routeLines({ routes }: Routing): Map<string, string> {
  const lines = new Map<string, string[]>();
  for (const { destination, via, device } of routes)
    lines.set(destination, [...(lines.get(destination) ?? []), `via ${via} dev ${device}`]);
  return new Map([...lines].map(([to, ways]) => [to, ways.sort().join(" and ")]));
}

const wayBack = (families: readonly Family[]) =>
  new Map(families.map((family) => [`way back of transparent IPv${family} sessions`, "stands"]));
