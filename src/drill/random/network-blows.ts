import { servingNetworks } from "../../agent/addresses/serving.js";
import type { Cluster, Node } from "../../topology/cluster.js";
import { allowance, deadPathFoundWithin, upAgain } from "../allowance.js";
import { linkDown } from "../catalogue/link-down.js";
import { loss10 } from "../catalogue/loss-10.js";
import { loss30 } from "../catalogue/loss-30.js";
import { managementCut } from "../catalogue/management-cut.js";
import { oneWayDeaf } from "../catalogue/one-way-deaf.js";
import { oneWayLoss } from "../catalogue/one-way-loss.js";
import { oneWayLossEverywhere } from "../catalogue/one-way-loss-everywhere.js";
import { pathDead } from "../catalogue/path-dead.js";
import type { Drill, Expectation } from "../drill.js";
import { noMove } from "../expectation.js";
import type { Blow } from "./blow.js";
import { leaves } from "./leaves.js";
import { blowOf, type Priced, priced, type Words } from "./priced.js";
import { hasServers } from "./servers-on.js";
import { advertised, struckNode } from "./situations.js";

/** Milliseconds. */
const recovery = 4_000;

interface LinkDrill {
  readonly drill: Drill;
  /** What of a link it has for itself. */
  readonly claim: "link" | "path" | "sends" | "hears";
  /** Milliseconds until an agent finds it where no adverts are. */
  readonly found: number;
}

/** Drills of a link to the first service's switches, which may be any other link as well. */
const linkDrills: readonly LinkDrill[] = [
  { drill: linkDown, claim: "link", found: allowance.notice },
  { drill: pathDead, claim: "path", found: deadPathFoundWithin },
  { drill: oneWayLoss, claim: "sends", found: deadPathFoundWithin },
  { drill: oneWayDeaf, claim: "hears", found: deadPathFoundWithin },
];

/** What can be done to a node's links, each of them. */
export function networkBlows(cluster: Cluster, { name: on, interfaces }: Node): Blow[] {
  const adverts = advertised(cluster);
  const serving = servingNetworks(cluster);
  const own = interfaces.map(({ network }) => network);
  const without = own.filter((network) => !adverts.includes(network));
  const claimed = (what: string, networks: readonly string[]) =>
    networks.map((network) => `${what} ${on} ${network}`);
  const words = (networks: readonly string[], claims: readonly string[]): Words => ({
    ...{ strikes: "node", on: [on], recovery, claims },
    unheard: { adverts: networks.filter((each) => adverts.includes(each)), beats: networks },
  });

  const ofLink = (network: string, { drill, claim, found }: LinkDrill): Blow => {
    const situation = struckNode(cluster, on, network);
    const drilled = priced(drill, cluster, situation);
    const elsewhere = serving.includes(network) ? leaves(cluster, found) : noMove;
    const expected = adverts.includes(network) ? drilled.expected : elsewhere;
    // VRRP leaves a network whose link is down; anything else of a link is found by agents.
    const unaided = drill === linkDown && adverts.includes(network);
    const of = words([network], claimed(claim, [network]));
    return blowOf({ ...drilled, expected }, situation, { ...of, unaided });
  };
  const lossyLink = (network: string, drill: Drill): Blow => {
    const situation = struckNode(cluster, on, network);
    const drilled = priced(drill, cluster, situation);
    const of = words([network], claimed("loss", [network]));
    if (!serving.includes(network)) return blowOf({ ...drilled, expected: noMove }, situation, of);
    return hasServers(cluster, network)
      ? blowOf(uncheckable(cluster, drilled), situation, { ...of, grows: ["service"] })
      : blowOf(drilled, situation, of);
  };
  const situation = struckNode(cluster, on);
  const cut: Expectation = without.some((network) => serving.includes(network))
    ? leaves(cluster, deadPathFoundWithin)
    : noMove;
  return [
    ...own.flatMap((network) => linkDrills.map((each) => ofLink(network, each))),
    ...own.flatMap((network) => [loss10, loss30].map((each) => lossyLink(network, each))),
    ...(without.length === 0
      ? []
      : [
          blowOf(
            { ...priced(managementCut, cluster, situation), expected: cut },
            situation,
            words(without, claimed("path", without)),
          ),
        ]),
    blowOf(
      priced(oneWayLossEverywhere, cluster, situation),
      situation,
      words(adverts, claimed("sends", adverts)),
    ),
  ];
}

/** Three checks in a row may be lost, too: servers are called down for nothing then, for as long as it lasts. */
const uncheckable = (cluster: Cluster, drilled: Priced): Priced => ({
  ...drilled,
  expected: {
    ...drilled.expected,
    serviceOutageAtMost: drilled.expected.serviceOutageAtMost + upAgain(cluster),
  },
  lasts: 0,
});
