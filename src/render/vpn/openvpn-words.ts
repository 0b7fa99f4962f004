import type { Cidr, Family, VpnProtocol } from "../../topology/cluster.js";

/** The dotted mask of an IPv4 prefix length, which OpenVPN has instead of it. */
export const netmask = (length: number): string =>
  [0, 8, 16, 24].map((start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - start)))).join(".");

export const prefixText = ({ address, prefix }: Cidr): string => `${address}/${prefix}`;

/** A network as the options of its family have it: `10.1.0.0 255.255.0.0` or `fd00::/64`. */
export const networkWords = (cidr: Cidr): string[] =>
  cidr.family === 4 ? [cidr.address, netmask(cidr.prefix)] : [prefixText(cidr)];

/** An option whose IPv6 form has a name of its own, with its network: `route 10.1.0.0 255.255.0.0`. */
export const withNetwork = (option: string, cidr: Cidr): string[] => [
  cidr.family === 4 ? option : `${option}-ipv6`,
  ...networkWords(cidr),
];

/** `proto` of whoever is connected to. */
export const answering = (proto: VpnProtocol, family: Family): string =>
  proto === "udp" ? `udp${family}` : `tcp${family}-server`;

/** `proto` of whoever connects. */
export const calling = (proto: VpnProtocol, family: Family): string =>
  proto === "udp" ? `udp${family}` : `tcp${family}-client`;
