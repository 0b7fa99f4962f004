import type { RoleDetails } from "../../api/event.js";
import type { Cluster, Node } from "../../topology/cluster.js";
import type { Sighting } from "../wire/sighting.js";
import {
  type Circumstances,
  type FormerOwner,
  type HeardBeat,
  isPlanned,
  livesOn,
  lossCause,
  takeoverCause,
} from "./cause.js";
import { spansOf, takeoverSteps } from "./spans.js";

/** Everything known about a change of role once its consequences have been seen. Times are milliseconds since the epoch. */
export interface RoleChange {
  readonly network: string;
  readonly from: string | null;
  readonly to: string;
  /** When keepalived reported it. */
  readonly at: number;
  /** What the wire said of this network, in any order. */
  readonly sightings: readonly Sighting[];
  /** When one of the network's virtual addresses came to stand on an interface. */
  readonly addresses: readonly number[];
  /** The peers' last beats at the change, and those that came since. */
  readonly beatsBefore: readonly HeardBeat[];
  readonly beatsSince: readonly HeardBeat[];
  /** This node's own decision at the change. */
  readonly own: { readonly yield: boolean; readonly why: string };
  readonly plannedBy: string | null;
}

export interface Explained {
  readonly text: string;
  readonly details: RoleDetails;
}

/** Says why a network's role changed, what proves it, and where the time went. */
export function explanation(
  cluster: Cluster,
  node: Node,
  change: RoleChange,
  nameOf: (address: string) => string | null,
): Explained {
  const { network, from, to } = change;
  if (from === null) {
    const cause = "so it was when the agent began to look";
    const details = { network, from, to, cause, evidence: [], spans: [] };
    return { text: `${node.name} is ${to} on ${network}: ${cause}`, details };
  }
  if (to === "master") return takeover(cluster, node, change, nameOf);
  const rival = change.sightings
    .filter((each) => each.kind === "advert")
    .findLast(({ outgoing, priority, at }) => !outgoing && priority > 0 && Math.abs(at - change.at) < 1_000);
  const cause = lossCause(to, change.own, from === "master" ? (rival ?? null) : null, nameOf);
  const evidence = rival && from === "master" ? [advertWords(rival, nameOf)] : [];
  return {
    text: `${node.name} is ${to} on ${network}: ${cause}`,
    details: { network, from, to, cause, evidence, spans: [] },
  };
}

function takeover(
  cluster: Cluster,
  node: Node,
  change: RoleChange,
  nameOf: (address: string) => string | null,
): Explained {
  const { network, from, to, at } = change;
  const steps = takeoverSteps(change.sightings, change.addresses, at);
  const decided = steps.decided ?? at;
  const former = formerOwner(change, steps.lastAdvert, nameOf);
  const { advertInterval, downAdverts } = cluster.failover;
  const circumstances: Circumstances = {
    network,
    advertInterval,
    downAdverts,
    priority: node.priority,
    decided,
    former,
    plannedBy: change.plannedBy,
  };
  const cause = takeoverCause(circumstances);
  const evidence = [
    ...(steps.lastAdvert ? [advertWords(steps.lastAdvert, nameOf)] : []),
    ...(former ? beatWords(former, at) : []),
  ];
  const kind = isPlanned(circumstances) ? "switchover" : "failover";
  const path =
    former === null ? `${node.name} owns ${network}` : `${kind} ${former.name} -> ${node.name} on ${network}`;
  return {
    text: `${path}: ${cause}`,
    details: { network, from, to, cause, evidence, spans: spansOf(steps) },
  };
}

/** Who sent the last advert; without a wire, the only peer whose beats said that it was master. */
function formerOwner(
  { network, beatsBefore, beatsSince }: RoleChange,
  lastAdvert: FormerOwner["lastAdvert"],
  nameOf: (address: string) => string | null,
): FormerOwner | null {
  const masters = beatsBefore.filter(({ beat }) => beat.networks[network]?.vrrp === "master");
  const name = lastAdvert ? nameOf(lastAdvert.source) : masters[0]?.beat.node;
  if (name === undefined || name === null) return null;
  const of = (beats: readonly HeardBeat[]): HeardBeat | null =>
    beats.find(({ beat }) => beat.node === name) ?? null;
  return { name, lastAdvert, before: of(beatsBefore), since: of(beatsSince) };
}

type Advert = Extract<Sighting, { kind: "advert" }>;

const advertWords = (
  { at, source, mac, priority }: Advert,
  nameOf: (address: string) => string | null,
): string =>
  priority === 0
    ? `${nameOf(source) ?? source} said goodbye (an advert of priority 0) from ${source} at ${mac}, ${clock(at)}`
    : `The last advert of ${nameOf(source) ?? source} had priority ${priority} and came from ${source} at ${mac}, ${clock(at)}`;

function beatWords(former: FormerOwner, at: number): string[] {
  const { name, before, since } = former;
  const last = since ?? before;
  if (last === null) return [`No beat of ${name} had been heard`];
  const faults = [since, before].find((heard) => heard !== null && heard.beat.faults.length > 0)?.beat.faults;
  return [
    livesOn(former) ? `Beats of ${name} go on` : `The last beat of ${name} came at ${clock(at - last.age)}`,
    ...(faults ? [`It had told of ${faults.join(", ")}`] : []),
  ];
}

const clock = (at: number): string => new Date(at).toISOString().slice(11, 23);
