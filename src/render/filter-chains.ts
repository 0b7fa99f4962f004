import type { Cluster, Family, Node } from "../topology/cluster.js";
import { vrrpNetworks } from "../topology/select.js";
import { copyPort } from "../topology/sync-links.js";
import { byName } from "./by-name.js";
import { type Chain, host, prefix, type Rule, toPort } from "./chains.js";
import { devicesOf, peerAddresses } from "./devices.js";
import { syncLinks } from "./sync-links.js";

const invalid = `${prefix}INVALID`;
const reset: Rule = ["-j", "REJECT", "--reject-with", "tcp-reset"];

/** Who may talk to the node's own engines, and what becomes of packets of sessions that nobody knows any more. */
export function filterChains(cluster: Cluster, node: Node, family: Family): Chain[] {
  const onlyInvalid: Rule = ["-p", "tcp", "-m", "conntrack", "--ctstate", "INVALID"];
  // A reset ends the half of a session that HAProxy still has, although the kernel's table has forgotten it.
  const butResets: Rule = ["-m", "tcp", "!", "--tcp-flags", "RST", "RST"];
  return [
    {
      name: `${prefix}INPUT`,
      rules: [
        ...vrrp(cluster, node, family),
        ...beats(cluster, node, family),
        ...sync(cluster, node, family),
        ...copies(cluster, node, family),
        ...api(cluster, node, family),
        [...onlyInvalid, ...butResets, "-j", invalid],
      ],
    },
    { name: `${prefix}FORWARD`, rules: [[...onlyInvalid, "-j", invalid]] },
    { name: invalid, rules: resets(cluster, node, family) },
  ];
}

/**
 * Adverts come from the peers alone: VRRPv3 has no authentication (RFC 9568, 9). A TTL of 255 cannot come from beyond
 * a router, whatever source address it claims (RFC 9568, 5.1.1.3); keepalived 2.2.7 sends IPv6 unicast with 64.
 */
function vrrp(cluster: Cluster, node: Node, family: Family): Rule[] {
  const device = devicesOf(node);
  const fromThisLink = family === 4 ? ["-m", "ttl", "--ttl-eq", "255"] : [];
  return vrrpNetworks(cluster).flatMap(({ name }) => [
    ...peerAddresses(cluster, node, name, family).map(
      (peer): Rule => [
        ...["-s", host(peer), "-i", device(name)],
        ...["-p", "vrrp", ...fromThisLink, "-j", "ACCEPT"],
      ],
    ),
    ["-i", device(name), "-p", "vrrp", "-j", "DROP"],
  ]);
}

/** The agents' beats come from the peers alone, whatever the device. */
function beats(cluster: Cluster, node: Node, family: Family): Rule[] {
  const port: Rule = ["-p", "udp", "-m", "udp", "--dport", String(cluster.agent.port)];
  return [
    ...node.interfaces.flatMap(({ network, device }) =>
      peerAddresses(cluster, node, network, family).map(
        (peer): Rule => [...["-s", host(peer), "-i", device], ...[...port, "-j", "ACCEPT"]],
      ),
    ),
    ["!", "-i", "lo", ...port, "-j", "DROP"],
  ];
}

/** Connection state comes from the peers alone: whoever could send some could open any way through the node. */
const sync = (cluster: Cluster, node: Node, family: Family): Rule[] =>
  syncLinks(cluster, node).flatMap(({ family: spoken, device, peers, port }) => {
    const to: Rule = ["-p", "udp", "-m", "udp", "--dport", String(port)];
    const accepted = peers.map((peer): Rule => [...["-s", host(peer), "-i", device], ...to, "-j", "ACCEPT"]);
    return [...(spoken === family ? accepted : []), [...to, "-j", "DROP"]];
  });

/** How far a copy for a master controller is, too. */
function copies(cluster: Cluster, node: Node, family: Family): Rule[] {
  const [link] = syncLinks(cluster, node);
  if (link === undefined || !cluster.services.some(({ mirror }) => mirror)) return [];
  const to: Rule = ["-p", "udp", "-m", "udp", "--dport", String(copyPort)];
  const accepted = link.peers.map(
    (peer): Rule => ["-s", host(peer), "-i", link.device, ...to, "-j", "ACCEPT"],
  );
  return [...(link.family === family ? accepted : []), [...to, "-j", "DROP"]];
}

/**
 * A new connection to the agent's API costs it a handshake, 1 to 3 ms of a core, before it knows who asks. Peers are
 * always let in: they coordinate changes. Anybody else gets in as often as people and scrapers need, each source for
 * itself, an IPv6 source being a whole /64: whoever has one address there has all of them.
 */
function api(cluster: Cluster, node: Node, family: Family): Rule[] {
  const port = toPort(cluster.agent.port);
  return [
    ...node.interfaces.flatMap(({ network, device }) =>
      peerAddresses(cluster, node, network, family).map(
        (peer): Rule => [...["-s", host(peer), "-i", device], ...[...port, "-j", "ACCEPT"]],
      ),
    ),
    [
      ...["!", "-i", "lo", ...port, "--tcp-flags", "FIN,SYN,RST,ACK", "SYN"],
      ...["-m", "hashlimit", "--hashlimit-above", "5/sec", "--hashlimit-burst", "20"],
      ...["--hashlimit-mode", "srcip", "--hashlimit-name", "holdfast-api"],
      ...(family === 4 ? [] : ["--hashlimit-srcmask", "64"]),
      ...["-j", "DROP"],
    ],
  ];
}

/**
 * A packet in the middle of a session that this node has no entry for would travel on untranslated, to whoever really
 * owns the address. A reset tells its sender at once that the session is over.
 */
function resets(cluster: Cluster, node: Node, family: Family): Rule[] {
  const device = devicesOf(node);
  const virtualIp = byName("virtual IP", cluster.virtualIps);
  const ours = <T extends { readonly family: Family }>(list: readonly T[]): T[] =>
    list.filter((item) => item.family === family);
  const announced = new Set(
    cluster.virtualIps.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
  );
  return [
    ...cluster.services.flatMap(({ listen }) =>
      ours(virtualIp(listen.virtualIp).addresses).map(({ address }) => [
        "-d",
        host(address),
        ...toPort(listen.port),
      ]),
    ),
    ...ours(cluster.nat.destination).map(({ inbound, address, port }) => [
      ...["-d", host(address), "-i", device(inbound)],
      ...toPort(port),
    ]),
    ...cluster.services
      .filter(({ mode }) => mode === "nat")
      .flatMap(({ servers }) => ours(servers))
      .map(({ address, port }) => ["-s", host(address), "-p", "tcp", "-m", "tcp", "--sport", String(port)]),
    ...cluster.nat.source.flatMap(({ from, outbound, translateTo }) => [
      ...ours(from).map(({ address, prefix: length }) => [
        ...(length === 0 ? [] : ["-s", `${address}/${length}`]),
        ...["-o", device(outbound), "-p", "tcp"],
      ]),
      ...ours(translateTo)
        .filter(({ address }) => !announced.has(address))
        .map(({ address }) => ["-d", host(address), "-i", device(outbound), "-p", "tcp"]),
    ]),
  ].map((match) => [...match, ...reset]);
}
