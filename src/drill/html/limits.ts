import type { Cluster } from "../../topology/cluster.js";
import { ms, times } from "./words.js";

/** What no drill of this paper can promise. */
export interface Limit {
  readonly title: string;
  readonly text: string;
}

const named = (names: readonly string[]): string => names.join(", ");

/** Only what is true of this cluster: README.md has the same under "What it does not promise". */
export function limitsOf(cluster: Cluster, live: boolean): Limit[] {
  const where = live ? ofRealNodes : ofLab;
  return [...(cluster.nodes.length > 0 ? ofNodes(cluster) : []), ...(cluster.vpn ? ofVpn : []), where];
}

function ofNodes({ nodes, services, failover, networks }: Cluster): Limit[] {
  const proxied = services.filter(({ mode }) => mode === "proxy").map(({ name }) => name);
  const translated = services.filter(({ mode }) => mode === "nat").map(({ name }) => name);
  const { advertInterval, downAdverts, witnesses } = failover;
  const asked = witnesses.length + networks.filter(({ gateway }) => gateway !== null).length;
  return [
    {
      title: nodes.length === 2 ? "Two nodes cannot exclude two owners" : "VRRP cannot exclude two owners",
      text: "When every path between two nodes is cut, each takes the other for dead, and both may own the virtual IPs until a path is back. VRRP has no quorum. Independent networks between the nodes make it unlikely.",
    },
    {
      title: "A dead path is found only where something answers",
      text: `Where a network passes nothing although its carrier is up, the nodes compare whom each of them still reaches: gateways, witnesses (failover.witness), servers, neighbours. This topology names ${asked === 0 ? "neither a gateway nor a witness" : times(asked, "gateway or witness", "gateways and witnesses")}. The comparison needs a path between the agents: it does not decide who is alone.`,
    },
    {
      title: "A dead node is missed, not seen",
      text: `A node without power is noticed when ${times(downAdverts, "advert")} of ${ms(advertInterval)} have not come. Until then its virtual IPs are silent, whatever else is right. A machine that stands still for as long may lose its role although nothing is broken.`,
    },
    ...(proxied.length === 0
      ? []
      : [
          {
            title: "Sessions through HAProxy end with their node",
            text: `Sessions of ${named(proxied)} pass through HAProxy on the active node. When it dies, or gives way, they end; switches and clients have to connect again, and do so when they would after any reset.`,
          },
        ]),
    ...(translated.length === 0
      ? []
      : [
          {
            title: "What began in the last milliseconds may be lost",
            text: `Sessions of ${named(translated)} go on over a failover, because conntrackd tells the other nodes of them a moment after they begin. One that began in that moment ends, and its sender is told by a reset.`,
          },
        ]),
    {
      title: "VRRP is not authenticated",
      text: "Nodes admit adverts and the agents\u2019 beats from each other\u2019s addresses on the shared networks alone. Whoever can forge those on such a network can take the virtual IPs.",
    },
  ];
}

const ofVpn: readonly Limit[] = [
  {
    title: "There is no way around a tunnel",
    text: "Clients of two VPN servers that do not reach each other lose each other, however well both reach a third.",
  },
];

const ofLab: Limit = {
  title: "This was measured in a lab",
  text: "Real engines ran in network namespaces of one machine, and all probes with them. The paper shows what the cluster does as it is described. Switches, cables and network cards have times of their own, which no lab has: a real link may take longer to be found dead.",
};

const ofRealNodes: Limit = {
  title: "No probe stood where a switch stands",
  text: "The nodes served while this was measured. Their own agents timed the moves, and the machine that ran the drills asked what it reaches; what neither can see is said to be not measured. Only planned moves were made: what a power loss costs, a lab of the same topology shows.",
};
