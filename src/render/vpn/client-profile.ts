import type { Vpn } from "../../topology/cluster.js";
import { isTap, vpnServerNamed } from "../../topology/vpn-select.js";
import { hash } from "../buckets.js";
import { defineTemplate } from "../template.js";

export interface ClientProfileView {
  readonly network: string;
  readonly name: string;
  readonly deviceType: string;
  /** Its device need not be made anew on another server. Elsewhere OpenVPN would wait a second before it does. */
  readonly fixed: boolean;
  readonly remotes: readonly (readonly string[])[];
}

const sample: ClientProfileView = {
  network: "overlay",
  name: "host1",
  deviceType: "tun",
  fixed: true,
  remotes: [["203.0.113.10", "1194", "udp"]],
};

/**
 * The profile of a client by its certificate's common name, which need not be in the topology. Its own server is named, or
 * chosen by the client's name, so that clients are spread; the others follow in the topology's order.
 */
export const clientProfile = defineTemplate<ClientProfileView, [Vpn, string, string?]>(
  "vpn/client.ovpn",
  sample,
  (vpn, name, server) => {
    const first =
      server === undefined
        ? hash(name) % vpn.servers.length
        : vpn.servers.indexOf(vpnServerNamed(vpn, server));
    const inOrder = [...vpn.servers.slice(first), ...vpn.servers.slice(0, first)];
    return {
      network: vpn.name,
      name,
      fixed: vpn.clients.some((client) => client.name === name),
      deviceType: inOrder.some(isTap) ? "tap" : "tun",
      remotes: inOrder.flatMap(({ addresses, port, proto }) =>
        addresses.map(({ address }) => [address, String(port), proto === "udp" ? "udp" : "tcp-client"]),
      ),
    };
  },
);
