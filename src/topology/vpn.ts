import type { Cidr, Family } from "./cluster.js";

/**
 * The servers of one virtual network after validation, with every default filled in and nothing optional. Addresses are
 * canonical text (RFC 5952 for IPv6).
 */
export interface Vpn {
  readonly name: string;
  /** Only addresses in these may ever be routed; one or two, IPv4 first. */
  readonly pool: readonly Cidr[];
  /** Two or more, in the order of the topology: a client tries them in this order, its own first. */
  readonly servers: readonly VpnServer[];
  readonly backbone: { readonly device: string; readonly port: number; readonly proto: VpnProtocol };
  readonly clients: readonly VpnClient[];
}

export type VpnProtocol = "udp" | "tcp";

export interface VpnServer {
  readonly name: string;
  /** Where clients and the other servers reach it; one or two, IPv4 first. */
  readonly addresses: readonly VpnAddress[];
  readonly port: number;
  readonly proto: VpnProtocol;
  /** Of the clients that have no fixed address; one or two, IPv4 first. The server itself has the first address of each. */
  readonly clients: readonly Cidr[];
  /** Its address among the servers (IPv4), and BGP router id. */
  readonly backbone: string;
  /** `tun0`; a name that begins with `tap` means tap. */
  readonly device: string;
  readonly management: VpnManagement;
}

export interface VpnAddress {
  readonly family: Family;
  readonly address: string;
}

export type VpnManagement =
  | { readonly socket: string; readonly passwordFile: string | null }
  | { readonly address: string; readonly port: number; readonly passwordFile: string | null };

/** A client that keeps its address on whichever server it is. */
export interface VpnClient {
  /** The certificate's common name. */
  readonly name: string;
  /** One or two, IPv4 first. */
  readonly addresses: readonly VpnAddress[];
  /** Networks behind it (OpenVPN's iroute). */
  readonly subnets: readonly Cidr[];
}
