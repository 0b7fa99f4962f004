import type { RoleDetails } from "../../api/event.js";
import type { Cluster, Node } from "../../topology/cluster.js";
import { vrrpNetworks } from "../../topology/select.js";
import { releaseWords } from "../release/release-words.js";
import { lossCause } from "./cause.js";
import type { NameOf, NetworkChange, RoleChange } from "./change.js";
import { advertWords } from "./evidence.js";
import { slowest, takeoverOn } from "./takeover.js";

export interface Explained {
  readonly text: string;
  readonly details: RoleDetails;
}

/** Says why the node's role changed, what proves it, and where the time went. */
export function explanation(cluster: Cluster, node: Node, change: RoleChange, nameOf: NameOf): Explained {
  if (change.found) return found(cluster, node, change);
  return change.to === "master"
    ? takeover(cluster, node, change, nameOf)
    : loss(cluster, node, change, nameOf);
}

function found(cluster: Cluster, node: Node, { from, to, networks }: RoleChange): Explained {
  const cause = "so it was when the agent began to look";
  const verb = to === "master" ? "owns" : "does not own";
  return {
    text: `${node.name} ${verb} the virtual IPs${where(cluster, networks)}: ${cause}`,
    details: {
      ...{ from, to, cause, move: null, by: null },
      evidence: [],
      spans: [],
      networks: quiet(networks),
    },
  };
}

function takeover(cluster: Cluster, node: Node, change: RoleChange, nameOf: NameOf): Explained {
  const { from, to, networks, plannedBy } = change;
  const parts = networks.map((each) => ({
    network: each.network,
    ...takeoverOn(cluster, node, change, each, nameOf),
  }));
  const told = slowest(parts);
  const { cause, former } = parts.find(({ own }) => own) ?? told;
  const move = former === null ? null : parts.some(({ planned }) => planned) ? "switchover" : "failover";
  const path = move === null ? `${node.name} owns the virtual IPs` : `${move} ${former} -> ${node.name}`;
  return {
    text: `${path}${where(cluster, networks)}: ${cause}`,
    details: {
      ...{ from, to, move, cause },
      by: plannedBy,
      evidence: [
        ...told.evidence,
        ...networks.flatMap(({ release }) => (release ? [releaseWords(release)] : [])),
      ],
      spans: told.spans,
      networks: parts.map(({ network, evidence, spans }) => ({ network, evidence, spans })),
    },
  };
}

/** Milliseconds between a node's bowing out and the rival's advert that made it do so, at most. */
const rivalry = 1_000;

function loss(cluster: Cluster, node: Node, change: RoleChange, nameOf: NameOf): Explained {
  const { from, to, networks, own } = change;
  const rivals = networks.flatMap(({ sightings, at }) =>
    sightings
      .filter((each) => each.kind === "advert")
      .filter((each) => !each.outgoing && each.priority > 0 && Math.abs(each.at - at) < rivalry)
      .slice(-1),
  );
  const [rival = null] = rivals;
  const preferred = rival !== null && rival.priority > node.priority ? rival : null;
  const cause = lossCause(to, own, preferred, preferred === null ? removedFrom(networks) : null, nameOf);
  const verb = own.yield ? "gives the virtual IPs up" : "no longer owns the virtual IPs";
  return {
    text: `${node.name} ${verb}${where(cluster, networks)}: ${cause}`,
    details: {
      ...{ from, to, cause, move: null, by: null },
      evidence: rivals.map((advert) => advertWords(advert, nameOf)),
      spans: [],
      networks: quiet(networks),
    },
  };
}

/**
 * keepalived tells of a change before it takes its addresses away: one that left before was taken by somebody else, and
 * is why keepalived stepped back.
 */
function removedFrom(networks: readonly NetworkChange[]): string | null {
  const told = Math.min(...networks.map(({ at }) => at));
  const before = networks
    .flatMap(({ departures }) => departures)
    .filter(({ at }) => at <= told && told - at < rivalry);
  return before.sort((one, other) => one.at - other.at)[0]?.address ?? null;
}

const quiet = (networks: readonly NetworkChange[]): RoleDetails["networks"] =>
  networks.map(({ network }) => ({ network, evidence: [], spans: [] }));

/** Which networks moved, where not all did. */
function where(cluster: Cluster, moved: readonly NetworkChange[]): string {
  const all = vrrpNetworks(cluster).length <= moved.length;
  return all ? "" : ` on ${moved.map(({ network }) => network).join(" and ")}`;
}
