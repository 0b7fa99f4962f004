import type { VrrpState } from "../../observe/state.js";
import type { Cluster, Node } from "../../topology/cluster.js";
import { vrrpNetworks } from "../../topology/select.js";
import type { Beat } from "../beats/beat.js";

/** What tells two owners that hear each other from one. */
export interface Contest {
  /** The last beat of every peer that is heard. */
  readonly beats: readonly Beat[];
  /** keepalived's role here. */
  role(network: string): VrrpState | null;
  /** Networks that this node has left to a rival. */
  readonly left: readonly string[];
  /** Whether the peer's adverts would reach keepalived here. */
  hears(peer: string, network: string): boolean;
}

/**
 * The peers that come first where both own a network's virtual IPs, by network: a preferred one, and one that hears this
 * node nowhere, by adverts or beats, and so cannot leave to it.
 */
export function rivalOwners(cluster: Cluster, node: Node, beats: readonly Beat[]): Map<string, string> {
  const comesFirst = (beat: Beat): boolean => isPreferred(cluster, beat.node, node) || isDeaf(beat, node);
  return new Map(
    vrrpNetworks(cluster).flatMap(({ name: network }) => {
      const rival = beats.find((beat) => beat.networks[network]?.vrrp === "master" && comesFirst(beat));
      return rival === undefined ? [] : [[network, rival.node] as const];
    }),
  );
}

/**
 * Where VRRP leaves two owners of which this one is to leave. Whoever has left a network to a preferred peer does not come
 * back before its adverts arrive: it would take over again at once.
 */
export function contestedNetworks(
  cluster: Cluster,
  node: Node,
  { beats, role, left, hears }: Contest,
): Set<string> {
  const contested = [...rivalOwners(cluster, node, beats)].filter(([network, rival]) => {
    if (role(network) === "master") return true;
    return left.includes(network) && !(isPreferred(cluster, rival, node) && hears(rival, network));
  });
  return new Set(contested.map(([network]) => network));
}

const isPreferred = ({ nodes }: Cluster, name: string, to: Node): boolean =>
  nodes.some((node) => node.name === name && node.priority > to.priority);

const isDeaf = ({ networks }: Beat, { name }: Node): boolean =>
  Object.values(networks).every(({ peers }) => !peers.includes(name));
