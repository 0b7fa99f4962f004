import type { Vpn, VpnServer } from "../../topology/cluster.js";
import { addressOf, backboneAddress6, familiesOf, type Tunnel } from "../../topology/vpn-select.js";
import { defineTemplate } from "../template.js";
import { answering, calling } from "./openvpn-words.js";
import { vpnPlaces } from "./places.js";

export interface TunnelView {
  readonly device: string;
  readonly proto: string;
  readonly port: number;
  readonly remote: string;
  readonly peer: string;
  /** TCP is heard on the port by one of the two alone. */
  readonly udp: boolean;
  readonly answers: boolean;
  readonly own: string;
  readonly far: string;
  /** One IPv6 address, with its prefix length, and the peer's; none where the pool has no IPv6. */
  readonly ipv6: readonly { readonly own: string; readonly far: string }[];
  readonly tls: string;
  readonly peerCertificate: string;
  readonly pki: string;
}

const sample: TunnelView = {
  device: "bb0",
  proto: "udp4",
  port: 11940,
  remote: "203.0.113.20",
  peer: "vpn-b",
  udp: true,
  answers: true,
  own: "10.200.200.1",
  far: "10.200.200.2",
  ipv6: [{ own: "fd68:6f6c:6466::ac8:c801/96", far: "fd68:6f6c:6466::ac8:c802" }],
  tls: "tls-server",
  peerCertificate: "client",
  pki: vpnPlaces.pki,
};

/** One end of the tunnel between two servers: point to point, since a multi-client tun drops what it has no iroute for. */
export const tunnelConf = defineTemplate<TunnelView, [Vpn, VpnServer, Tunnel, { readonly pki: string }?]>(
  "vpn/tunnel.conf",
  sample,
  (vpn, server, { device, port, peer, family, isTlsServer }, { pki } = vpnPlaces) => ({
    device,
    proto: (isTlsServer ? answering : calling)(vpn.backbone.proto, family),
    port,
    remote: addressOf(peer, family) ?? "",
    peer: peer.name,
    udp: vpn.backbone.proto === "udp",
    answers: isTlsServer,
    own: server.backbone,
    far: peer.backbone,
    ipv6: familiesOf(vpn).includes(6)
      ? [{ own: `${backboneAddress6(server)}/96`, far: backboneAddress6(peer) }]
      : [],
    tls: isTlsServer ? "tls-server" : "tls-client",
    peerCertificate: isTlsServer ? "client" : "server",
    pki,
  }),
);
