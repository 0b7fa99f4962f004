import type { Cluster } from "../topology/cluster.js";
import { vpnServerNamed } from "../topology/vpn-select.js";

/** OpenVPN's options that name a server of the topology (openvpn(8), --remote). */
export function remoteOf({ name, vpn }: Cluster, server: string): string[] {
  if (vpn === null) throw new Error(`${name} has no VPN servers`);
  const { addresses, port, proto } = vpnServerNamed(vpn, server);
  return addresses.flatMap(({ address }) => [
    "--remote",
    address,
    String(port),
    proto === "udp" ? "udp" : "tcp-client",
  ]);
}
