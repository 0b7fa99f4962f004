import type { Cidr, Vpn, VpnAddress, VpnClient } from "../../topology/cluster.js";
import { ofFamily } from "../../topology/vpn-select.js";
import { defineTemplate } from "../template.js";
import { netmask, withNetwork } from "./openvpn-words.js";

export interface ClientSettingsView {
  readonly settings: readonly (readonly string[])[];
  /** It gets no address of IPv6. */
  readonly only4: boolean;
  /** Instead of the routes that the others get. */
  readonly pushed: readonly (readonly string[])[];
}

const sample: ClientSettingsView = {
  settings: [["ifconfig-push", "10.100.200.1", "255.255.0.0"]],
  only4: false,
  pushed: [["route-ipv6", "fd00:100::/48"]],
};

/** OpenVPN takes no wider network for a device (openvpn(8), ifconfig-ipv6). */
const widest6 = 64;

/**
 * What a server tells the client with a fixed address, and the networks behind it. All servers tell it the same, so that
 * its device stays as it is when it moves: the pool is its own network, and needs no router.
 */
export const clientSettings = defineTemplate<ClientSettingsView, [Vpn, VpnClient]>(
  "vpn/client-settings",
  sample,
  (vpn, { addresses, subnets }) => ({
    settings: [
      ...addresses.map((address) => push(address, poolOf(vpn, address))),
      ...subnets.map((subnet) => withNetwork("iroute", subnet)),
    ],
    only4: getsOnly4(addresses),
    pushed: vpn.pool
      .filter(({ family }) => family === 4 || !getsOnly4(addresses))
      .filter((whole) => !isOwnNetwork(whole, addresses))
      .map((whole) => withNetwork("route", whole)),
  }),
);

/** What a server tells every other client: nothing of its own. */
export const otherClients = defineTemplate<Record<string, never>, []>("vpn/other-clients", {}, () => ({}));

function push({ family, address }: VpnAddress, whole: Cidr): string[] {
  if (family === 4) return ["ifconfig-push", address, netmask(whole.prefix)];
  return ["ifconfig-ipv6-push", `${address}/${Math.max(whole.prefix, widest6)}`, address];
}

/**
 * OpenVPN gives no address of its range to a client with a fixed address of IPv4 (multi.c, multi_select_virtual_addr), but would
 * tell it one of IPv6 that it gives to the next client, too.
 */
const getsOnly4 = (addresses: readonly VpnAddress[]): boolean =>
  ofFamily(addresses, 4).length > 0 && ofFamily(addresses, 6).length === 0;

/** Whether the client reaches all of a part of the pool without a route. */
const isOwnNetwork = (whole: Cidr, addresses: readonly VpnAddress[]): boolean =>
  ofFamily(addresses, whole.family).length > 0 && (whole.family === 4 || whole.prefix >= widest6);

function poolOf({ pool }: Vpn, { family, address }: VpnAddress): Cidr {
  const whole = pool.find((each) => each.family === family);
  if (whole === undefined) throw new Error(`${address} is outside the pool`);
  return whole;
}
