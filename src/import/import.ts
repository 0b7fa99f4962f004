import { loadTopology } from "../topology/load.js";
import type { Problem } from "../topology/problem.js";
import { type Finding, findings, oneLine, remarking, type Tell } from "./finding.js";
import type { Pool } from "./haproxy/proxy.js";
import { readHaproxy } from "./haproxy/read.js";
import { readKeepalived } from "./keepalived/read.js";
import { nameOf } from "./names.js";
import { readTranslations } from "./netfilter/translations.js";
import { readOwnAddresses } from "./own-addresses.js";
import { largest, type SourceText } from "./source-text.js";
import { compareFiles, importedFailover } from "./topology/failover.js";
import { foreignSource } from "./topology/foreign-source.js";
import type { ImportedTopology } from "./topology/imported.js";
import { kernelServices } from "./topology/kernel-services.js";
import { type GivenMachine, type Machine, machinesOf } from "./topology/machines.js";
import { capturedAddresses, sourceAddresses } from "./topology/nat.js";
import { type Segment, segmentsOf } from "./topology/segments.js";
import { boundTogether, importedServices, translatedTogether } from "./topology/services.js";
import { spreadsOf } from "./topology/spread.js";
import { importedNetworks, importedNodes, importedVirtualIps } from "./topology/standing.js";
import { topologyText } from "./topology/text.js";
import { tellUnreachable } from "./topology/unreachable.js";

/** The files of a pair. Each node's addresses belong to the keepalived file at the same place. */
export interface WrittenPair {
  readonly keepalived: readonly SourceText[];
  readonly addresses: readonly SourceText[];
  readonly haproxy: SourceText | null;
  readonly iptables: readonly SourceText[];
}

export interface Import {
  /** Null when the files do not make one; `refused` says why. */
  readonly topology: string | null;
  readonly refused: string | null;
  readonly findings: readonly Finding[];
  /** What `holdfast validate` says of the topology. */
  readonly problems: readonly Problem[];
}

/** Makes a topology of a pair that somebody wrote by hand, and says what did not simply become a part of it. */
export function importPair(pair: WrittenPair): Import {
  const { tell, inOrder } = findings();
  const files = [
    ...pair.keepalived,
    ...pair.addresses,
    ...(pair.haproxy === null ? [] : [pair.haproxy]),
    ...pair.iptables,
  ];
  const tooLarge = files.find(({ text }) => text.length > largest);
  const topology = tooLarge === undefined ? compose(pair, tell) : `${tooLarge.file} is larger than 1 MiB`;
  if (typeof topology === "string")
    return { topology: null, refused: oneLine(topology), findings: inOrder(), problems: [] };
  const text = topologyText(topology);
  return { topology: text, refused: null, findings: inOrder(), problems: loadTopology(text).problems };
}

function compose(pair: WrittenPair, tell: Tell): ImportedTopology | string {
  // What concerns no part of its own stands above the whole.
  const whole = remarking(tell);
  const given = givenMachines(pair, whole.tell);
  const contradiction = foreignSource(given, whole.tell);
  if (contradiction !== null) return contradiction;
  const machines = machinesOf(given, tell);
  const segments = segmentsOf(machines, tell);
  if (pair.keepalived.length === 0)
    return "no keepalived.conf was named: at least one node's is needed, --keepalived FILE";
  if (!segments.some(({ virtualIps }) => virtualIps.length > 0))
    return `${pair.keepalived.map(({ file }) => file).join(" and ")}: there is no vrrp_instance with a virtual IP; name the keepalived.conf of a node with --keepalived`;
  compareFiles(machines, whole.tell);
  const haproxy = pair.haproxy === null ? null : readHaproxy(pair.haproxy, tell);
  const entries = haproxy?.entries ?? [];
  const pools = haproxy?.pools ?? [];
  const written = pair.iptables.map((source) => readTranslations(source, tell));
  const destinations = written.flatMap((each) => each.destinations);
  const together = [...boundTogether(entries), ...translatedTogether(destinations, pools)];
  const nodeNames = machines.map(({ name }) => name);
  const around = { segments, nodeNames, virtualIps: importedVirtualIps(segments, together) };
  const proxied = importedServices(entries, around, tell);
  const spreads = spreadsOf(destinations);
  const kernel = kernelServices(spreads, proxied, pools, around, tell);
  tellIdle(
    pools.filter((pool) => !kernel.checkers.has(pool)),
    tell,
  );
  const services = [...proxied, ...kernel.services];
  tellUnreachable(services, segments, tell);
  const captured = capturedAddresses(spreads, services, around, tell);
  const sources = written.flatMap((each) => each.sources);
  return {
    cluster: clusterName(machines, segments, whole.tell),
    remarks: whole.remarks,
    networks: importedNetworks(segments, tell),
    nodes: importedNodes(machines, segments, tell),
    routes: routesOf(machines, whole.tell),
    failover: importedFailover(machines, tell),
    virtualIps: around.virtualIps,
    services,
    nat: { destination: captured, source: sourceAddresses(sources, captured, around, tell) },
    agentPort: freeAgentPort(services.map(({ port }) => port)),
  };
}

function givenMachines({ keepalived, addresses }: WrittenPair, tell: Tell): GivenMachine[] {
  const count = Math.max(keepalived.length, addresses.length);
  return Array.from({ length: count }, (_, index) => {
    const file = keepalived[index];
    const own = addresses[index];
    return {
      keepalived: file === undefined ? null : readKeepalived(file, tell),
      addresses: own === undefined ? [] : readOwnAddresses(own, tell),
    };
  });
}

/** A sync group is named after what moves together. */
function clusterName(machines: readonly Machine[], [segment]: readonly Segment[], tell: Tell): string {
  const primary = machines.find(({ keepalived }) => keepalived !== null)?.keepalived;
  const group = primary?.groups[0]?.name ?? "";
  if (group === "" && segment !== undefined)
    tell(segment.place, "look", "the cluster's name", "no file names the pair", "give it a name");
  return nameOf(group, "imported");
}

/** One next hop to each destination; another file's is told. */
function routesOf(machines: readonly Machine[], tell: Tell): ImportedTopology["routes"] {
  const hops = new Map<string, string>();
  for (const each of machines.flatMap(({ keepalived }) => keepalived?.routes ?? [])) {
    const { destination, via } = each;
    const before = hops.get(destination.text);
    if (before === undefined) hops.set(destination.text, via.text);
    else if (before !== via.text)
      tell(
        each,
        "look",
        `${destination.text} via ${via.text}`,
        `all nodes have one next hop to it: ${before}`,
        "see which of them is right",
      );
  }
  return [...hops].map(([destination, via]) => ({ destination, via }));
}

function tellIdle(pools: readonly Pool[], tell: Tell): void {
  for (const pool of pools)
    tell(
      pool,
      "lost",
      `backend ${pool.name}`,
      "nothing that was carried over leads to it",
      "write a service for it, if it is needed",
    );
}

/** The agents' own port, unless a service listens there. */
function freeAgentPort(taken: readonly number[]): number | null {
  const usual = 7443;
  if (!taken.includes(usual)) return null;
  for (let port = usual + 1; ; port++) if (!taken.includes(port)) return port;
}
