import type { Cluster, Family, Service } from "../topology/cluster.js";
import { virtualIpNamed } from "../topology/select.js";
import { buckets, hash } from "./buckets.js";
import { type Chain, prefix, type Rule } from "./chains.js";
import { endpoint } from "./haproxy.js";
import { turns } from "./turns.js";

/**
 * The mark of bucket 0. High and odd-looking ("HF" in its upper half), so that it meets no mark that people use for
 * policy routing; it is on the first packet of a connection only.
 */
const markOfBucket0 = 0x48460000;

/** Longest chain name that iptables takes (XT_EXTENSION_MAXNAMELEN - 1). */
const longestName = 28;

/** The chain that spreads a `nat` service; a name too long for a chain keeps its beginning and gets a hash. */
export function chainOf(service: string): string {
  const plain = `${prefix}${service}`;
  if (plain.length <= longestName) return plain;
  return `${plain.slice(0, longestName - 9)}_${hash(service).toString(16).padStart(8, "0")}`;
}

/** The families in which a `nat` service listens. */
export const familiesOf = (cluster: Cluster, service: Service): Family[] =>
  virtualIpNamed(cluster, service.listen.virtualIp).addresses.map(({ family }) => family);

/**
 * A `nat` service's own chain of the nat table, for the servers that are up. The rules see the first packet of a
 * connection only. With no server up the packet goes to the service's own address, where nothing listens: the client
 * is refused at once, and what was sent to a captured address never reaches the machine that really has it.
 */
export function bucketChain(
  cluster: Cluster,
  service: Service,
  family: Family,
  up: ReadonlySet<string>,
): Chain {
  const listen = virtualIpNamed(cluster, service.listen.virtualIp).addresses.find(
    (own) => own.family === family,
  );
  if (listen === undefined) throw new Error(`service ${service.name} does not listen in IPv${family}`);
  return {
    name: chainOf(service.name),
    rules: spread(service, family, endpoint({ ...listen, port: service.listen.port }), up),
  };
}

/** All servers are taken to be up until somebody knows better. */
export const allServers = (service: Service): ReadonlySet<string> =>
  new Set(service.servers.map(({ name }) => name));

function spread(service: Service, family: Family, refusal: string, up: ReadonlySet<string>): Rule[] {
  const endpoints = new Map(service.servers.map((server) => [server.name, endpoint(server)]));
  const owners = service.balance === "source" ? buckets(service, family, up) : turns(service, family, up);
  const targets = owners.map((name) => endpoints.get(name) ?? refusal);
  const [only = refusal, ...rest] = new Set(targets);
  if (rest.length === 0) return [translate([], only)];
  return service.balance === "source" ? bySource(service, family, targets) : byTurns(targets);
}

/** A source keeps its server: its hash is its bucket. */
const bySource = (service: Service, family: Family, targets: readonly string[]): Rule[] => [
  [
    ...["-j", "HMARK", "--hmark-src-prefix", family === 4 ? "32" : "128"],
    ...["--hmark-rnd", hex(hash(service.name), 8)],
    ...["--hmark-mod", String(targets.length), "--hmark-offset", String(markOfBucket0)],
  ],
  ...targets.map((target, bucket) =>
    translate(["-m", "mark", "--mark", hex(markOfBucket0 + bucket)], target),
  ),
];

/** Of what the rules before it left over each takes its part: the first one packet in N, the second one in N - 1. */
const byTurns = (targets: readonly string[]): Rule[] =>
  targets.map((target, turn) => {
    const every = targets.length - turn;
    const nth: Rule = ["-m", "statistic", "--mode", "nth", "--every", String(every), "--packet", "0"];
    return translate(every === 1 ? [] : nth, target);
  });

const translate = (match: Rule, target: string): Rule => [
  "-p",
  "tcp",
  ...match,
  "-j",
  "DNAT",
  "--to-destination",
  target,
];

const hex = (value: number, digits = 1): string => `0x${value.toString(16).padStart(digits, "0")}`;
