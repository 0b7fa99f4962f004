import { formatIp } from "../../topology/address.js";
import type { Cidr, Vpn, VpnManagement, VpnServer } from "../../topology/cluster.js";
import { prefixOf } from "../../topology/cluster-addresses.js";
import { isTap, ofFamily, ownAddressIn } from "../../topology/vpn-select.js";
import { defineTemplate } from "../template.js";
import { answering, netmask, prefixText, withNetwork } from "./openvpn-words.js";
import { type VpnPlaces, vpnPaths, vpnPlaces } from "./places.js";

export interface VpnServerView {
  readonly device: string;
  readonly deviceType: string;
  readonly proto: string;
  readonly port: number;
  /** A client is told that its server goes, and goes to the next one; TCP tells by itself. */
  readonly udp: boolean;
  /** Only tun has a topology. */
  readonly tun: boolean;
  /** What `server` would write but for the constraint of fixed addresses to the range. */
  readonly ipv4: readonly {
    readonly own: string;
    readonly mask: string;
    readonly first: string;
    readonly last: string;
  }[];
  readonly ipv6: readonly string[];
  readonly pushed: readonly (readonly string[])[];
  readonly clients: string;
  /** Without it whoever shows a certificate ends the session of whoever showed it before. */
  readonly duplicates: boolean;
  readonly management: readonly string[];
  readonly pki: string;
  readonly hook: string;
  readonly pulse: string;
}

const sample: VpnServerView = {
  device: "tun0",
  deviceType: "tun",
  proto: "udp4",
  port: 1194,
  udp: true,
  tun: true,
  ipv4: [{ own: "10.100.100.1", mask: "255.255.255.0", first: "10.100.100.2", last: "10.100.100.254" }],
  ipv6: ["fd00:100::a:0:0/96"],
  pushed: [["route", "10.100.0.0", "255.255.0.0"]],
  clients: vpnPaths.clients("overlay"),
  duplicates: true,
  management: ["/run/openvpn/overlay.sock", "unix"],
  ...vpnPlaces,
};

/** The OpenVPN server that clients connect to (openvpn(8)). */
export const vpnServerConf = defineTemplate<VpnServerView, [Vpn, VpnServer, VpnPlaces?]>(
  "vpn/server.conf",
  sample,
  (vpn, server, { pki, hook, pulse } = vpnPlaces) => ({
    device: server.device,
    deviceType: isTap(server) ? "tap" : "tun",
    // A socket of IPv6 hears IPv4 too.
    proto: answering(server.proto, server.addresses.some(({ family }) => family === 6) ? 6 : 4),
    port: server.port,
    udp: server.proto === "udp",
    tun: !isTap(server),
    ipv4: ofFamily(server.clients, 4).map(ipv4View),
    ipv6: ofFamily(server.clients, 6).map(prefixText),
    pushed: vpn.pool.map((whole) => withNetwork("route", whole)),
    clients: vpnPaths.clients(vpn.name),
    duplicates: vpn.duplicateCn,
    management: managementWords(server.management),
    pki,
    hook,
    pulse,
  }),
);

function ipv4View(range: Cidr) {
  const { first, last } = prefixOf(range);
  return {
    own: ownAddressIn(range),
    mask: netmask(range.prefix),
    first: formatIp(4, first + 2n),
    last: formatIp(4, last - 1n),
  };
}

const managementWords = (management: VpnManagement): string[] => [
  ...("socket" in management ? [management.socket, "unix"] : [management.address, String(management.port)]),
  ...(management.passwordFile === null ? [] : [management.passwordFile]),
];
