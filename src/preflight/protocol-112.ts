import type { NodePreflight } from "../api/preflight.js";
import { addressesOf, devicesOf } from "../render/devices.js";
import type { Cluster, Family, Node } from "../topology/cluster.js";
import { interfaceOn, peersOf, virtualIpsOn, vrrpNetworks } from "../topology/select.js";
import { type Finding, findingsOf } from "./finding.js";

/** A way on which keepalived will send adverts to a peer, and hear those of it. */
export interface AdvertLink {
  readonly network: string;
  readonly device: string;
  readonly peer: string;
  readonly family: Family;
  readonly own: string;
  readonly address: string;
}

/** As keepalived.conf has them: unicast, in the family of the first virtual IP, IPv4 where there is one. */
export const advertLinks = (cluster: Cluster, node: Node): AdvertLink[] =>
  vrrpNetworks(cluster).flatMap(({ name: network }) => {
    const virtual = virtualIpsOn(cluster, network).flatMap(({ addresses }) => addresses);
    const family: Family = virtual.some((address) => address.family === 4) ? 4 : 6;
    const face = interfaceOn(node, network);
    const [own] = face === undefined ? [] : addressesOf(face, family);
    if (own === undefined) return [];
    return peersOf(cluster, node).flatMap((peer) => {
      const there = interfaceOn(peer, network);
      return (there === undefined ? [] : addressesOf(there, family)).map((address) => ({
        ...{ network, device: devicesOf(node)(network), peer: peer.name, family, own, address },
      }));
    });
  });

/** What vrrp-probe.pl reads: a way a line. */
export const probeLines = (links: readonly AdvertLink[]): string =>
  links.map(({ own, address }) => `${own} ${address}\n`).join("");

/** What vrrp-probe.pl says: `OWN PEER COUNT`, and `! OWN PEER WORDS` where it could not send or listen. */
export function parseProbe(said: string): { received: Map<string, number>; refused: Map<string, string> } {
  const [received, refused] = [new Map<string, number>(), new Map<string, string>()];
  for (const line of said.split("\n")) {
    const complaint = /^! (\S+ \S+) (.*)$/.exec(line);
    if (complaint) refused.set(complaint[1] ?? "", complaint[2] ?? "");
    const [own, peer, count] = line.split(" ");
    if (own !== undefined && own !== "!" && count !== undefined)
      received.set(`${own} ${peer}`, Number(count));
  }
  return { received, refused };
}

const { ok, error, unknown } = findingsOf("protocol-112");

/** What a node heard on one way. */
export type AdvertsHeard = NodePreflight["adverts"][number];

export const advertsHeard = (
  { network, device, peer, own, address }: AdvertLink,
  probe: ReturnType<typeof parseProbe> | null,
  seen: number | null,
): AdvertsHeard => ({
  ...{ network, device, peer, own, address, seen },
  received: probe?.received.get(`${own} ${address}`) ?? null,
  refused: probe === null ? "the probe did not run" : (probe.refused.get(`${own} ${address}`) ?? null),
});

/** Whether adverts would be heard. @param peerProbes the peer was sending meanwhile: else its silence says nothing */
export function protocol112(heard: AdvertsHeard, peerProbes: boolean): Finding {
  const { network, peer, own, address, device, received, seen, refused } = heard;
  const place = `${network}: from ${peer} (${address})`;
  if (received !== null && received > 0) return ok(place, "protocol 112 arrives, through the INPUT chain");
  if (received === null) return unknown(place, `not listened to on ${own}: ${refused ?? "nobody knows why"}`);
  if (!peerProbes) return unknown(place, `${peer} sent nothing: its agent did not take part`);
  const two = "with the cluster running, both nodes would become active";
  if (seen !== null && seen > 0)
    return error(
      place,
      `protocol 112 reaches ${device} and is dropped by this node's own packet filter: ${two}`,
      `admit it where that filter is written: iptables -I INPUT -i ${device} -s ${address} -p 112 -j ACCEPT, or nft: iifname "${device}" ip protocol 112 accept`,
    );
  return error(
    place,
    `no packet of protocol 112 comes from ${peer} to ${device}: ${two}`,
    `admit protocol 112 (VRRP) from ${address} to ${own}: in ${peer}'s OUTPUT chain, in the switches, in a hypervisor's security groups`,
  );
}
