import type { Ip, Prefix } from "./address.js";
import type { Cidr, Family, Vpn, VpnAddress, VpnClient, VpnManagement, VpnServer } from "./cluster.js";
import type { WrittenVpn } from "./schema/vpn.js";

/** The network of a section in which no rule found an error. */
export const resolveVpn = ({
  name,
  pool,
  servers,
  backbone,
  clients,
  duplicate_cn: duplicateCn,
}: WrittenVpn): Vpn => ({
  name,
  pool: ipv4First(pool).map(cidr),
  servers: servers.map(resolveServer),
  backbone: { device: backbone.device, port: backbone.port, proto: backbone.proto },
  clients: clients.map(resolveClient),
  duplicateCn,
});

const resolveServer = (server: WrittenVpn["servers"][number]): VpnServer => ({
  name: server.name,
  addresses: ipv4First(server.address).map(address),
  port: server.port,
  proto: server.proto,
  clients: ipv4First(server.clients).map(cidr),
  backbone: server.backbone.text,
  device: server.device,
  management: resolveManagement(server.management),
});

function resolveManagement(management: WrittenVpn["servers"][number]["management"]): VpnManagement {
  const { socket, address: host = "127.0.0.1", port, password_file: passwordFile = null } = management;
  if (socket !== undefined) return { socket, passwordFile };
  if (port === undefined) throw new Error("a management interface has neither a socket nor a port");
  return { address: host, port, passwordFile };
}

const resolveClient = (client: WrittenVpn["clients"][number]): VpnClient => ({
  name: client.name,
  addresses: ipv4First(client.address).map(address),
  subnets: client.subnets.map(cidr),
});

const address = ({ family, text }: Ip): VpnAddress => ({ family, address: text });

const cidr = ({ family, address, prefix }: Prefix): Cidr => ({ family, address, prefix });

const ipv4First = <T extends { readonly family: Family }>(values: readonly T[]): T[] =>
  [...values].sort((a, b) => a.family - b.family);
