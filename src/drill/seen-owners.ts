import type { Cluster } from "../topology/cluster.js";
import { virtualIpsOn } from "../topology/select.js";
import { detection } from "../topology/timing.js";
import type { Measurement } from "./measurement.js";
import { contests, ownerChanges, ownerships, twoOwners } from "./owners.js";
import type { Timeline } from "./timeline.js";
import type { WireEvent } from "./wire.js";

/** What was heard on one network. */
export interface Heard {
  readonly network: string;
  readonly events: readonly WireEvent[];
  /** Link-layer addresses of the nodes there. */
  readonly nodes: ReadonlySet<string>;
}

/** Who owned each network's virtual IPs until `to`, told in milliseconds after the fault. */
export function seenOwners(
  cluster: Cluster,
  heard: readonly Heard[],
  injectedAt: number,
  to: number,
): Measurement["owners"] {
  const silence = silenceOf(cluster);
  const each = heard.map(({ network, events, nodes }) => {
    const own = saidByNodes(cluster, events, to);
    const spans = ownerships(own, silence);
    const both = twoOwners(own, spans, addressesOn(cluster, network), nodes);
    return { network, spans, changes: ownerChanges(spans), both };
  });
  return {
    changes: Math.max(0, ...each.map(({ changes }) => changes)),
    byNetwork: each.map(({ network, changes }) => ({ network, changes })),
    twoOwners: Math.max(0, ...each.map(({ both }) => both)),
    timeline: each.flatMap(({ network, spans }) =>
      spans.map(({ source, from, until }) => ({
        network,
        node: nodeAt(cluster, source) ?? source,
        from: Math.round(from - injectedAt),
        until: Math.round(until - injectedAt),
      })),
    ),
  };
}

/** When two nodes acted as owner of one network until `to`, told in milliseconds after the fault. */
export const seenContests = (
  cluster: Cluster,
  heard: readonly Heard[],
  injectedAt: number,
  to: number,
): Timeline["contests"] =>
  heard.flatMap(({ network, events, nodes }) => {
    const own = saidByNodes(cluster, events, to);
    const spans = ownerships(own, silenceOf(cluster));
    return contests(own, spans, addressesOn(cluster, network), nodes).map((each) => ({
      network,
      from: Math.round(each.from - injectedAt),
      until: Math.round(each.until - injectedAt),
    }));
  });

/** The nodes that own the virtual IPs at `now`, by network; a network of which nobody is the owner has none. */
export function ownersAt(cluster: Cluster, heard: readonly Heard[], now: number): Map<string, string> {
  const silence = silenceOf(cluster);
  return new Map(
    heard.flatMap(({ network, events }) => {
      const last = ownerships(saidByNodes(cluster, events, now), silence).findLast(
        ({ until }) => now - until <= silence,
      );
      const node = last && nodeAt(cluster, last.source);
      return node === undefined ? [] : [[network, node] as const];
    }),
  );
}

/** Without adverts of strangers: who says that he owns an address does not, as long as nobody believes it. */
const saidByNodes = (cluster: Cluster, events: readonly WireEvent[], to: number): WireEvent[] =>
  events.filter(
    (event) => event.at <= to && (event.kind !== "advert" || nodeAt(cluster, event.source) !== undefined),
  );

/** Milliseconds without adverts after which an owner is none. */
const silenceOf = (cluster: Cluster): number => detection(cluster) + cluster.failover.advertInterval;

const addressesOn = (cluster: Cluster, network: string): string[] =>
  virtualIpsOn(cluster, network).flatMap(({ addresses }) => addresses.map(({ address }) => address));

/** The node whose address it is. */
const nodeAt = (cluster: Cluster, address: string): string | undefined =>
  cluster.nodes.find((node) =>
    node.interfaces.some(({ addresses }) => addresses.some((own) => own.address === address)),
  )?.name;
