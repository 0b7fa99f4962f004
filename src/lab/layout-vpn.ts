import { bits, overlap, type Prefix } from "../topology/address.js";
import type { Family, HostAddress, Vpn } from "../topology/cluster.js";
import { prefix, prefixOf } from "../topology/cluster-addresses.js";
import { within } from "./layout-addresses.js";
import type { MachineRoute, VpnClientPlan } from "./layout-plan.js";
import { type Draft, internetOf, type Site } from "./layout-site.js";

/** What the lab's clients may be given there, likeliest first: behind providers (RFC 6598), in documentation (RFC 3849). */
const places = {
  4: ["100.64.0.0/16", "198.18.0.0/16", "192.0.2.0/24"],
  6: ["2001:db8:ffff:fffe::/64", "2001:db8:fffe:fffe::/64"],
} as const;
const most = 200;

/**
 * A machine for each VPN server, and its clients beside them, all on one link on which every address is at hand. Where
 * there are load balancers too, a router leads to the network of their agents, and `nodeRoutes` from there.
 */
export interface VpnSite {
  readonly drafts: readonly Draft[];
  readonly clients: readonly VpnClientPlan[];
  readonly nodeRoutes: readonly MachineRoute[];
}

const nowhere: VpnSite = { drafts: [], clients: [], nodeRoutes: [] };

/** @param count clients; default: one for each server, and all of those that the topology names */
export function vpnSite(site: Site, count: number | undefined): VpnSite {
  const { vpn } = site.cluster;
  const internet = internetOf(site.cluster);
  if (vpn === null) {
    if (count === undefined || count === 0) return nowhere;
    throw new Error("the topology has no VPN servers, which --vpn-clients could be spread over");
  }
  refuseInside(site, vpn);
  const clients = clientPlans(vpn, count ?? Math.max(vpn.servers.length, vpn.clients.length));
  const families = ([4, 6] as const).filter((family) =>
    vpn.servers.some(({ addresses }) => addresses.some((own) => own.family === family)),
  );
  const own = families.map((family) => placeFor(site, family));
  const way = wayToNodes(site, own);
  return {
    drafts: [
      ...vpn.servers.map(({ name, addresses }): Draft => {
        const links = [{ segment: internet, device: "eth1", addresses: addresses.map(alone) }];
        return { name, kind: "vpn-server", links, routes: [...atHand(addresses), ...way.toNodes] };
      }),
      ...clients.map(({ machine, commonName }): Draft => {
        const addresses = own.map((place) => alone(site.pool.take(place)));
        const links = [{ segment: internet, device: "eth1", addresses }];
        const aliases = commonName === machine ? [] : [commonName];
        return { name: machine, aliases, kind: "vpn-client", links, routes: atHand(addresses) };
      }),
      ...way.routers,
    ],
    clients,
    nodeRoutes: way.toServers,
  };
}

/** Machines of the cluster's networks look for an address of theirs on the network's own link. */
function refuseInside({ segments }: Site, { servers }: Vpn): void {
  for (const { name, addresses } of servers)
    for (const { address } of addresses) {
      const network = segments.find(({ prefixes }) => within(prefixes, address) !== undefined);
      if (network !== undefined)
        throw new Error(
          `the lab has VPN servers on a link of their own, and ${name}'s address ${address} is in network ${network.name}: give it another one to try it here`,
        );
    }
}

/** Those that the topology names come first. The n-th begins at the n-th server. */
function clientPlans({ servers, clients }: Vpn, count: number): VpnClientPlan[] {
  if (!Number.isInteger(count) || count < 0 || count > most)
    throw new Error(`a lab has 0 to ${most} VPN clients`);
  if (count < clients.length)
    throw new Error(
      `the topology names ${clients.length} VPN clients, all of which a lab has: ask for as many at least`,
    );
  const names = new Set(clients.map(({ name }) => name));
  return Array.from({ length: count }, (_, index) => {
    const machine = `vpn-client-${index + 1}`;
    const fixed = clients[index];
    return {
      machine,
      commonName: fixed?.name ?? (names.has(machine) ? `lab-${machine}` : machine),
      addresses: (fixed?.addresses ?? []).map(({ address }) => address),
      server: servers[index % servers.length]?.name ?? "",
    };
  });
}

/** The router between the agents' network and the internet, where there are nodes to reach. */
function wayToNodes(site: Site, places: readonly Prefix[]) {
  const { cluster } = site;
  const segment = site.segments.find(({ name }) => name === cluster.agent.network);
  if (segment === undefined) return { routers: [], toNodes: [], toServers: [] };
  const outside = places.map((place) => alone(site.pool.take(place)));
  const inside = segment.prefixes.map((place) => site.pool.take(place));
  const addressIn = (addresses: readonly HostAddress[], family: Family) =>
    addresses.find((own) => own.family === family)?.address;
  const via = (family: Family, destination: string, hops: readonly HostAddress[]): MachineRoute[] => {
    const hop = addressIn(hops, family);
    return hop === undefined ? [] : [{ destination, via: hop }];
  };
  const servers = cluster.vpn?.servers.flatMap(({ addresses }) => addresses) ?? [];
  const router: Draft = {
    name: "internet-router",
    kind: "router",
    links: [
      { segment: segment.name, device: "eth1", addresses: inside },
      { segment: internetOf(cluster), device: "eth2", addresses: outside },
    ],
    routes: outside.map(({ family }) => ({ destination: everywhere[family], device: "eth2" })),
  };
  return {
    routers: [router],
    toNodes: segment.prefixes.flatMap(({ family, text }) => via(family, text, outside)),
    toServers: servers.flatMap(({ family, address }) => via(family, `${address}/${bits(family)}`, inside)),
  };
}

/** Whatever address somebody has: it is asked for on the link. */
const atHand = (addresses: readonly { readonly family: Family }[]): MachineRoute[] =>
  addresses.map(({ family }) => ({ destination: everywhere[family], device: "eth1" }));

const everywhere = { 4: "0.0.0.0/0", 6: "::/0" } as const;

const alone = ({ family, address }: { readonly family: Family; readonly address: string }): HostAddress => ({
  family,
  address,
  prefix: bits(family),
});

/** Clear of every network that the topology names. */
function placeFor({ cluster, segments }: Site, family: Family): Prefix {
  const { vpn } = cluster;
  const single = (address: string) => prefix(`${address}/${bits(family)}`);
  const taken = [
    ...segments.flatMap(({ prefixes }) => prefixes),
    ...(vpn?.pool ?? []).map(prefixOf),
    ...(vpn?.servers ?? []).flatMap(({ addresses, backbone }) => [
      ...addresses.filter((own) => own.family === family).map(({ address }) => single(address)),
      ...(family === 4 ? [single(backbone)] : []),
    ]),
  ];
  const free = places[family]
    .map((text) => prefix(text))
    .find((place) => !taken.some((other) => overlap(place, other)));
  if (free === undefined)
    throw new Error(
      `the lab's clients have no IPv${family} addresses left: the topology has all of ${places[family].join(", ")}`,
    );
  return free;
}
