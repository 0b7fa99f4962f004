import type { Span } from "../../api/event.js";
import type { Cluster, Node } from "../../topology/cluster.js";
import {
  type Circumstances,
  type FormerOwner,
  type HeardBeat,
  isPlanned,
  movedAlong,
  takeoverCause,
} from "./cause.js";
import type { NameOf, NetworkChange, RoleChange } from "./change.js";
import { advertWords, beatWords } from "./evidence.js";
import { spansOf, takeoverSteps } from "./spans.js";

/** A takeover as one network shows it. */
export interface NetworkTakeover {
  readonly cause: string;
  /** The cause is to be found on this network, and not on another that took it along. */
  readonly own: boolean;
  readonly planned: boolean;
  /** Who owned it before, by name. */
  readonly former: string | null;
  readonly evidence: readonly string[];
  readonly spans: readonly Span[];
}

/** What one network tells of the takeover. */
export function takeoverOn(
  cluster: Cluster,
  node: Node,
  change: RoleChange,
  { network, at, sightings, addresses }: NetworkChange,
  nameOf: NameOf,
): NetworkTakeover {
  const steps = takeoverSteps(sightings, addresses, at);
  const former = formerOwner(cluster, network, change, steps.lastAdvert, nameOf);
  const { advertInterval, downAdverts } = cluster.failover;
  const circumstances: Circumstances = {
    ...{ network, advertInterval, downAdverts, former },
    priority: node.priority,
    decided: steps.decided ?? at,
    plannedBy: change.plannedBy,
  };
  return {
    cause: takeoverCause(circumstances),
    own: former !== null && !movedAlong(circumstances),
    planned: isPlanned(circumstances),
    former: former?.name ?? null,
    evidence: [
      ...(steps.lastAdvert ? [advertWords(steps.lastAdvert, nameOf)] : []),
      ...(former ? beatWords(former, at) : []),
    ],
    spans: spansOf(steps),
  };
}

/** The network on which it took longest, of those on which somebody asked and was answered: that gap was felt. */
export const slowest = <T extends Pick<NetworkTakeover, "spans">>(parts: readonly T[]): T => {
  const felt = parts.filter(({ spans }) => spans.some(({ what }) => what === "first answer"));
  const [first, ...others] = felt.length > 0 ? felt : parts;
  if (first === undefined) throw new RangeError("no network moved");
  return others.reduce((slow, each) => (total(each.spans) > total(slow.spans) ? each : slow), first);
};

const total = (spans: readonly Span[]): number =>
  spans.reduce((sum, { milliseconds }) => sum + milliseconds, 0);

/** Who sent the last advert; where none was seen, the peer whose beats last said that it was master. */
function formerOwner(
  cluster: Cluster,
  network: string,
  { beatsBefore, beatsSince, lastMasters }: RoleChange,
  lastAdvert: FormerOwner["lastAdvert"],
  nameOf: NameOf,
): FormerOwner | null {
  const name = lastAdvert ? nameOf(lastAdvert.source) : lastMasters.get(network);
  const node = cluster.nodes.find((each) => each.name === name);
  if (node === undefined) return null;
  const { priority } = node;
  const of = (beats: readonly HeardBeat[]): HeardBeat | null =>
    beats.find(({ beat }) => beat.node === node.name) ?? null;
  const [before, since] = [of(beatsBefore), of(beatsSince)];
  // Whoever is back already speaks as somebody else: it proves nothing of the one that fell silent.
  const again = before !== null && since !== null && before.beat.boot !== since.beat.boot;
  return { name: node.name, priority, lastAdvert, before, since: again ? null : since };
}
