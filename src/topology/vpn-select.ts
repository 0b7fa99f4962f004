import { formatIp } from "./address.js";
import type { Cidr, Family, Vpn, VpnServer } from "./cluster.js";
import { ip, prefixOf } from "./cluster-addresses.js";
import { backboneNetwork6, pairNumber } from "./vpn-backbone.js";

/** Of all servers (RFC 6996: private use): among themselves they speak iBGP. */
export const autonomousSystem = 64512;

/**
 * Routing protocol number of clients' host routes in the kernel (rtnetlink(7), rtm_protocol): of nobody in iproute2's
 * rt_protos. The agent makes routes by it, and BIRD learns them by it.
 */
export const clientRouteProtocol = 111;

/** With more servers than these the first two reflect routes, so that nobody needs a session with everybody (RFC 4456). */
const mostInFullMesh = 8;
const reflectors = 2;

/** One of a server's tunnels to another. */
export interface Tunnel {
  readonly number: number;
  readonly device: string;
  /** On both ends. */
  readonly port: number;
  readonly peer: VpnServer;
  /** Of the two, the one first in the topology answers the other's TLS handshake. */
  readonly isTlsServer: boolean;
  /** The first that both have. */
  readonly family: Family;
}

/** @throws on a name that no server has */
export function vpnServerNamed({ servers }: Vpn, name: string): VpnServer {
  const server = servers.find((each) => each.name === name);
  if (server === undefined) throw new Error(`server ${name} is not part of the network`);
  return server;
}

/** A server's tunnels, in the order of its peers. */
export function tunnelsOf(vpn: Vpn, server: VpnServer): Tunnel[] {
  const own = placeOf(vpn, server);
  return vpn.servers.flatMap((peer, place): Tunnel[] => {
    if (place === own) return [];
    const number = pairNumber(own, place);
    return [
      {
        number,
        device: `${vpn.backbone.device}${number}`,
        port: vpn.backbone.port + number,
        peer,
        isTlsServer: own < place,
        family: sharedFamily(server, peer),
      },
    ];
  });
}

/** The first family in which both servers have an address. @throws where there is none */
function sharedFamily(one: VpnServer, other: VpnServer): Family {
  const shared = one.addresses.find(({ family }) => addressOf(other, family) !== undefined);
  if (shared === undefined) throw new Error(`servers ${one.name} and ${other.name} share no family`);
  return shared.family;
}

export const addressOf = ({ addresses }: Pick<VpnServer, "addresses">, family: Family): string | undefined =>
  addresses.find((address) => address.family === family)?.address;

export const isTap = ({ device }: Pick<VpnServer, "device">): boolean => device.startsWith("tap");

export const familiesOf = ({ pool }: Vpn): Family[] => pool.map(({ family }) => family);

export const ofFamily = <T extends { readonly family: Family }>(values: readonly T[], family: Family): T[] =>
  values.filter((value) => value.family === family);

/** The first address of a range, which the server keeps for itself. */
export const ownAddressIn = (range: Cidr): string => formatIp(range.family, prefixOf(range).first + 1n);

/** A server's IPv6 address among the servers, where next hops of IPv6 routes need one. */
export const backboneAddress6 = ({ backbone }: Pick<VpnServer, "backbone">): string =>
  formatIp(6, backboneNetwork6.first | ip(backbone).value);

export const isReflector = (vpn: Vpn, server: VpnServer): boolean =>
  vpn.servers.length > mostInFullMesh && placeOf(vpn, server) < reflectors;

/** Whether two servers have a BGP session: all have, but with reflectors those that are none need no other. */
export const exchangeRoutes = (vpn: Vpn, one: VpnServer, other: VpnServer): boolean =>
  vpn.servers.length <= mostInFullMesh || isReflector(vpn, one) || isReflector(vpn, other);

function placeOf({ servers }: Vpn, server: VpnServer): number {
  const place = servers.findIndex(({ name }) => name === server.name);
  if (place < 0) throw new Error(`server ${server.name} is not part of the network`);
  return place;
}
