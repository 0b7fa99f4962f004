import type { Cluster, Node } from "../../topology/cluster.js";
import { virtualIpsOn } from "../../topology/select.js";
import { haproxyReload } from "../catalogue/haproxy-reload.js";
import { partitioned } from "../catalogue/partition.js";
import { slowOpenersDrill } from "../catalogue/slow-openers.js";
import { vridRogue } from "../catalogue/vrid-rogue.js";
import { vridStranger } from "../catalogue/vrid-stranger.js";
import { vrrpCut } from "../catalogue/vrrp-cut.js";
import { change } from "../fault/change.js";
import type { Blow } from "./blow.js";
import { blowOf, priced, type Words } from "./priced.js";
import { advertised, shared, struckNode } from "./situations.js";

/** Milliseconds: adverts are heard again, and whoever is one too many has let go. */
const recovery = 6_000;

/** What is done to no machine: every node stays whole, and has to serve. */
export function sharedBlows(cluster: Cluster): Blow[] {
  const { nodes } = cluster;
  const adverts = advertised(cluster);
  const words = (more: Partial<Words>): Words => ({ strikes: "all", on: [], recovery, ...more });
  const anywhere = struckNode(cluster, nodes[0]?.name ?? "");
  const strangers = adverts
    .filter((network) => hasIpv4(cluster, network))
    .flatMap((network) =>
      [vridStranger, vridRogue].map((drill) => {
        const situation = struckNode(cluster, nodes[0]?.name ?? "", network);
        return blowOf(priced(drill, cluster, situation), situation, words({}));
      }),
    );
  return [
    ...pairs(nodes).map(([one, other]) => {
      const situation = { ...struckNode(cluster, one.name), standby: other.name };
      const drilled = priced(partitioned, cluster, situation);
      return blowOf(
        // For how long there are two is known from how long it is there, not from how long the drill is.
        { ...drilled, expected: { ...drilled.expected, twoOwnersAtMost: 0 } },
        situation,
        words({ claims: pathsOf([one, other]), unheard: { beats: shared([one, other]) } }),
      );
    }),
    blowOf(priced(vrrpCut, cluster, anywhere), anywhere, words({ unheard: { adverts } })),
    ...(cluster.services.length === 0
      ? []
      : [blowOf(priced(slowOpenersDrill, cluster, anywhere), anywhere, words({}))]),
    ...(cluster.services.length === 0
      ? []
      : [
          blowOf(
            { fault: change, expected: haproxyReload.expect(cluster, anywhere), lasts: 0 },
            anywhere,
            // What was edited there would be put back over what is new.
            words({ strikes: "topology", claims: nodes.map(({ name }) => `/etc/haproxy on ${name}`) }),
          ),
        ]),
    ...strangers,
  ];
}

const pairs = (nodes: readonly Node[]): [Node, Node][] =>
  nodes.flatMap((one, index) => nodes.slice(index + 1).map((other): [Node, Node] => [one, other]));

/** A port that is plugged in anew has forgotten whom it is kept apart from. */
const pathsOf = (nodes: readonly Node[]): string[] =>
  nodes.flatMap(({ name, interfaces }) => interfaces.map(({ network }) => `path ${name} ${network}`));

/** A stranger's adverts are of IPv4. */
const hasIpv4 = (cluster: Cluster, network: string): boolean =>
  virtualIpsOn(cluster, network).some(({ addresses }) => addresses.some(({ family }) => family === 4));
