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
  /** Networks that this node has left to a preferred peer. */
  readonly left: readonly string[];
  /** Whether the peer's adverts would reach keepalived here. */
  hears(peer: string, network: string): boolean;
}

/**
 * Where VRRP leaves two owners that hear each other by beats: the preferred peer, by network. Whoever has left a network
 * to it does not come back before its adverts arrive: it would take over again at once.
 */
export function contestedNetworks(cluster: Cluster, node: Node, contest: Contest): Map<string, string> {
  const preferred = contest.beats.filter(({ node: name }) => isPreferred(cluster, name, node));
  return new Map(
    vrrpNetworks(cluster).flatMap(({ name: network }) => {
      const rival = preferred.find(
        ({ node: peer, networks }) =>
          networks[network]?.vrrp === "master" &&
          (contest.role(network) === "master" ||
            (contest.left.includes(network) && !contest.hears(peer, network))),
      );
      return rival === undefined ? [] : [[network, rival.node] as const];
    }),
  );
}

const isPreferred = ({ nodes }: Cluster, name: string, to: Node): boolean =>
  nodes.some((node) => node.name === name && node.priority > to.priority);
