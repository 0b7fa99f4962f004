import type { Cluster } from "../topology/cluster.js";
import { keepsSessions } from "../topology/select.js";
import { type Finding, findingsOf } from "./finding.js";

/** A program that a node cannot do without. */
export interface Engine {
  readonly name: string;
  /** Its package where that has another name (Debian). */
  readonly package: string;
  /** How it is asked for its version. */
  readonly argv: readonly string[];
  readonly neededBy: (cluster: Cluster) => boolean;
  /** Whether every node should have the same. */
  readonly alike: boolean;
}

const always = (): boolean => true;
const engine = (
  name: string,
  argv: readonly string[],
  more: Partial<Omit<Engine, "name" | "argv">> = {},
): Engine => ({ ...{ name, argv, package: name, neededBy: always, alike: true }, ...more });

export const engines: readonly Engine[] = [
  engine("keepalived", ["keepalived", "--version"]),
  engine("haproxy", ["haproxy", "-v"]),
  engine("iptables", ["iptables", "--version"]),
  engine("ip6tables", ["ip6tables", "--version"], { package: "iptables" }),
  engine("conntrackd", ["conntrackd", "-v"], { neededBy: keepsSessions }),
  engine("conntrack", ["conntrack", "--version"], { neededBy: keepsSessions }),
  engine("kernel", ["uname", "-r"], { package: "linux-image" }),
  engine("iproute2", ["ip", "-V"], { alike: false }),
  engine("ss", ["ss", "-V"], { package: "iproute2", alike: false }),
  engine("fping", ["fping", "--version"], { alike: false }),
  engine("tcpdump", ["tcpdump", "--version"], { alike: false }),
  engine("ping", ["ping", "-V"], { package: "iputils-ping", alike: false }),
  engine("perl", ["perl", "-e", "print $^V"], { alike: false }),
];

/** The first number with a dot in it, as every engine prints its own first, and what iptables says of its backend. */
export function versionIn(said: string): string | null {
  const number = /\d+(?:\.\d+)+(?:[.+~-]?\w+)*/.exec(said)?.[0];
  if (number === undefined) return null;
  const backend = /\((nf_tables|legacy)\)/.exec(said)?.[1];
  return backend === undefined ? number : `${number} (${backend})`;
}

const { ok, error, warning } = findingsOf("engines");

/** @param versions of those that were found */
export function enginesFound(cluster: Cluster, versions: ReadonlyMap<string, string>): Finding[] {
  const missing = engines.filter(({ name, neededBy }) => neededBy(cluster) && !versions.has(name));
  if (missing.length > 0)
    return missing.map((each) =>
      error(each.name, `${each.name} is not installed`, `apt-get install ${each.package}`),
    );
  const found = engines.filter(({ alike }) => alike).flatMap(({ name }) => nameAndVersion(name, versions));
  return [ok("programs", found.join(", "))];
}

const nameAndVersion = (name: string, versions: ReadonlyMap<string, string>): string[] => {
  const version = versions.get(name);
  return version === undefined ? [] : [`${name} ${version}`];
};

interface Versions {
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Where a node has another engine than the first. */
export function enginesDiffer(first: Versions, other: Versions): Finding[] {
  return engines
    .filter(({ alike }) => alike)
    .flatMap(({ name }) => {
      const [one, two] = [first.versions[name], other.versions[name]];
      if (one === undefined || two === undefined || one === two) return [];
      return [
        warning(
          name,
          `${name} ${two} here, ${one} on ${first.node}`,
          "give all nodes the same packages: what one of them accepts the other may refuse",
        ),
      ];
    });
}
