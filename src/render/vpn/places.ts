/** Where a server of the virtual network finds what is not rendered. */
export interface VpnPlaces {
  /** Directory of ca.crt, server.crt and server.key. */
  readonly pki: string;
  /** What OpenVPN runs at each client's coming and going. */
  readonly hook: string;
  /** What OpenVPN runs as its device comes up. */
  readonly pulse: string;
}

export const vpnPlaces: VpnPlaces = {
  pki: "/etc/openvpn/holdfast",
  hook: "/usr/lib/holdfast/programs/vpn-event.pl",
  pulse: "/usr/lib/holdfast/programs/vpn-pulse.pl",
};

/** A name becomes part of a path: it leads nowhere else. @throws on one that the topology refuses */
function fileName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.@-]*$/.test(name)) return name;
  throw new Error(`${JSON.stringify(name.slice(0, 60))} cannot be the name of a file`);
}

/** Debian's openvpn-server@NAME.service runs NAME.conf there. */
const openvpnDirectory = "/etc/openvpn";
const openvpnConf = (service: string): string => `${openvpnDirectory}/server/${fileName(service)}.conf`;

export const vpnPaths = {
  bird: "/etc/bird/bird.conf",
  sysctl: "/etc/sysctl.d/91-holdfast-vpn.conf",
  server: openvpnConf,
  tunnel: (network: string, pair: number): string => openvpnConf(`${network}-backbone${pair}`),
  /** Of the clients' own settings, each in a file of its common name. */
  clients: (network: string): string => `${openvpnDirectory}/holdfast-${fileName(network)}-clients`,
  client: (network: string, name: string): string => `${vpnPaths.clients(network)}/${fileName(name)}`,
} as const;

/** Whether a directory is that of some network's clients. */
export const isClientPlace = (directory: string): boolean =>
  directory.startsWith(`${openvpnDirectory}/holdfast-`) && directory.endsWith("-clients");
