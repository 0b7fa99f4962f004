import type { Family, Vpn, VpnServer } from "../../topology/cluster.js";
import {
  autonomousSystem,
  backboneAddress6,
  clientRouteProtocol,
  exchangeRoutes,
  isReflector,
  ofFamily,
  tunnelsOf,
} from "../../topology/vpn-select.js";
import { defineTemplate } from "../template.js";
import { prefixText } from "./openvpn-words.js";

interface FamilyView {
  readonly family: Family;
  readonly pool: string;
  /** Prefix length of a single address. */
  readonly single: number;
  /** What the server gives to its clients. */
  readonly own: string;
  /** What peers announce as it is: the other servers' ranges, and the networks behind clients. */
  readonly networks: readonly string[];
  readonly subnets: readonly string[];
  /** Of all servers: single addresses of them are nobody's to announce. */
  readonly ranges: readonly string[];
  /** The next hops of IPv6 and where they are; those of IPv4 stand on the devices themselves. */
  readonly hops: readonly { readonly address: string; readonly device: string }[];
  /** The server's own, where the session's address is of the other family. */
  readonly hop: readonly string[];
  /** Routes that are taken from one peer. */
  readonly limit: number;
}

export interface BirdView {
  readonly id: string;
  readonly system: number;
  readonly protocol: number;
  readonly clientDevice: string;
  readonly devices: readonly string[];
  readonly families: readonly FamilyView[];
  /** Whether it passes on what others announced, and then as theirs. */
  readonly reflects: boolean;
  /** Bytes that the kernel may have to tell of routes at once. */
  readonly buffer: number;
  readonly peers: readonly {
    readonly name: string;
    readonly address: string;
    readonly isClient: boolean;
  }[];
}

const sample: BirdView = {
  id: "10.200.200.1",
  system: autonomousSystem,
  protocol: clientRouteProtocol,
  clientDevice: "tun0",
  devices: ["bb0"],
  families: [
    {
      family: 4,
      pool: "10.100.0.0/16",
      single: 32,
      own: "10.100.100.0/24",
      networks: ["10.100.101.0/24"],
      subnets: ["10.100.50.0/24"],
      ranges: ["10.100.100.0/24"],
      hops: [{ address: "fd68:6f6c:6466::ac8:c802/128", device: "bb0" }],
      hop: ["fd68:6f6c:6466::ac8:c801"],
      limit: 1002,
    },
  ],
  reflects: true,
  buffer: 4_194_304,
  peers: [{ name: "vpn-b", address: "10.200.200.2", isClient: true }],
};

/** More than the topology knows of: a client without a fixed address may also have a route of its own. */
const spareRoutes = 1_000;

/**
 * Bytes for what the kernel tells of one route: it counts 1 KB to 2 KB for each, half of which it gives by itself (socket(7),
 * SO_RCVBUF). A server that starts hears of all routes at once, its own and those that BIRD makes.
 */
const bytesOfRoute = 1_024;
const leastBuffer = 4 * 2 ** 20;

/** BIRD carries the routes to clients from each server to the others (BIRD 2.0 user's guide, 6.3 and 6.7). */
export const bird = defineTemplate<BirdView, [Vpn, VpnServer]>("vpn/bird.conf", sample, (vpn, server) => {
  const tunnels = tunnelsOf(vpn, server).filter(({ peer }) => exchangeRoutes(vpn, server, peer));
  const families = vpn.pool.map(({ family }) => familyView(vpn, server, family));
  const most = families.reduce((sum, { limit }) => sum + limit, 0);
  return {
    id: server.backbone,
    system: autonomousSystem,
    protocol: clientRouteProtocol,
    clientDevice: server.device,
    devices: tunnels.map(({ device }) => device),
    families,
    reflects: isReflector(vpn, server),
    buffer: Math.max(leastBuffer, bytesOfRoute * most),
    peers: tunnels
      .map(({ peer }) => ({
        name: peer.name,
        address: peer.backbone,
        isClient: isReflector(vpn, server) && !isReflector(vpn, peer),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
});

function familyView(vpn: Vpn, server: VpnServer, family: Family): FamilyView {
  const [pool = "", own = ""] = [vpn.pool, server.clients].flatMap((cidrs) => texts(cidrs, family));
  const ranges = texts(
    vpn.servers.flatMap(({ clients }) => clients),
    family,
  );
  const subnets = texts(
    vpn.clients.flatMap((client) => client.subnets),
    family,
  );
  const fixed = vpn.clients.flatMap(({ addresses }) => ofFamily(addresses, family));
  return {
    family,
    pool,
    single: family === 4 ? 32 : 128,
    own,
    networks: [...ranges.filter((range) => range !== own), ...subnets],
    subnets,
    ranges,
    hops:
      family === 4
        ? []
        : tunnelsOf(vpn, server).map(({ device, peer }) => ({
            address: `${backboneAddress6(peer)}/128`,
            device,
          })),
    hop: family === 4 ? [] : [backboneAddress6(server)],
    limit: ranges.length + subnets.length + fixed.length + spareRoutes,
  };
}

/** In an order of their own: what is only written in another order changes nothing here. */
const texts = (cidrs: Vpn["pool"], family: Family): string[] =>
  ofFamily(cidrs, family).map(prefixText).sort();
