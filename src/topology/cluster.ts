/**
 * The cluster: a topology after validation, with every default filled in and nothing optional.
 * All addresses are canonical text (RFC 5952 for IPv6); all durations are milliseconds. This file imports nothing.
 */

export type Family = 4 | 6;

/** A network prefix; `address` is the network address (host bits zero). */
export interface Cidr {
  readonly family: Family;
  readonly address: string;
  readonly prefix: number;
}

/** A host's address together with the prefix length of the network it stands on. */
export interface HostAddress {
  readonly family: Family;
  readonly address: string;
  readonly prefix: number;
}

/** A broadcast domain. */
export interface Network {
  readonly name: string;
  /** One or two, IPv4 first. */
  readonly cidrs: readonly Cidr[];
  /** VRRP VRID, 1..255; null where no virtual IP stands on this network (no VRRP instance is made). */
  readonly virtualRouterId: number | null;
  /** The network's own router, also a reachability witness. */
  readonly gateway: string | null;
  /** Link MTU in bytes; null leaves the device's own. */
  readonly mtu: number | null;
}

export interface Interface {
  readonly network: string;
  /** Linux device name, at most 15 bytes. */
  readonly device: string;
  /** One or two, IPv4 first. */
  readonly addresses: readonly HostAddress[];
}

/** A load balancer machine. */
export interface Node {
  readonly name: string;
  /** VRRP priority: 254, 253, then steps of 64. The order of nodes in the topology is the order of preference. */
  readonly priority: number;
  readonly interfaces: readonly Interface[];
}

/** A static route of every node. */
export interface Route {
  readonly destination: Cidr;
  readonly via: string;
  /** The connected network that `via` stands on. */
  readonly network: string;
}

export type Profile = "conservative" | "balanced" | "fast";

export interface Failover {
  readonly profile: Profile;
  /** VRRP Advertisement_Interval in milliseconds (multiple of 10). */
  readonly advertInterval: number;
  /** Adverts missed before a standby takes over (keepalived `down_timer_adverts`). */
  readonly downAdverts: number;
  readonly preempt: boolean;
  /** Milliseconds a preferred node waits before it takes the virtual IPs back. */
  readonly preemptDelay: number;
  /** Extra reachability witnesses. */
  readonly witnesses: readonly Witness[];
}

export interface Witness {
  readonly address: string;
  /** The connected network through which it is reached. */
  readonly network: string;
}

export interface VirtualIp {
  readonly name: string;
  readonly network: string;
  /** One or two, IPv4 first; prefix is the network's. */
  readonly addresses: readonly HostAddress[];
}

export type Mode = "proxy" | "nat";
export type Balance = "source" | "leastconn" | "roundrobin";
export type OpenFlowVersion = "1.0" | "1.1" | "1.2" | "1.3" | "1.4" | "1.5";

export interface HealthCheck {
  readonly type: "openflow" | "tcp" | "tls" | "http";
  /** Milliseconds. */
  readonly interval: number;
  /** Milliseconds, at most `interval`. */
  readonly timeout: number;
  readonly rise: number;
  readonly fall: number;
  /** Used by `openflow`; ascending, at least one. */
  readonly openflowVersions: readonly OpenFlowVersion[];
  /** Used by `http`. */
  readonly path: string;
  /** Used by `http`: the expected status code. */
  readonly expect: number;
}

export interface Server {
  readonly name: string;
  readonly family: Family;
  readonly address: string;
  readonly port: number;
  /** Share of new sessions, 1..256; 0 gets none and keeps those it has. */
  readonly weight: number;
  readonly backup: boolean;
}

/** A controller that gets a copy of all that a service's switches say. */
export interface Mirror {
  /** Captured beside the path, which is so where nothing is said, or by the multiplexer in it. */
  readonly via?: "tap" | "inline";
  readonly to: {
    readonly name: string;
    readonly family: Family;
    readonly address: string;
    readonly port: number;
  };
  /** Whether switches hear what it says; no, where nothing is said. */
  readonly replies?: "drop" | "forward";
  /** What becomes of a change that it asks for: it hears that it is not permitted, or nothing, or the switch does it. */
  readonly writes: "error" | "drop" | "forward";
  /** Bytes that may wait for it, for each switch. */
  readonly queue: number;
  /** Where all is written that controllers say to switches; of a mirror in the path alone. */
  readonly audit?: { readonly file: string };
}

export interface Service {
  readonly name: string;
  readonly listen: { readonly virtualIp: string; readonly port: number };
  readonly mode: Mode;
  readonly balance: Balance;
  readonly transparent: boolean;
  readonly healthCheck: HealthCheck;
  readonly servers: readonly Server[];
  readonly mirror: Mirror | null;
}

/** An address the cluster answers for on one network although it does not announce it. */
export interface DestinationNat {
  readonly inbound: string;
  readonly family: Family;
  readonly address: string;
  readonly port: number;
  readonly service: string;
}

/** Traffic from `from` that leaves on `outbound` carries `translateTo` (at most one address a family). */
export interface SourceNat {
  readonly from: readonly Cidr[];
  readonly outbound: string;
  readonly translateTo: readonly { readonly family: Family; readonly address: string }[];
}

/** An extra machine of the lab. */
export interface LabHost {
  readonly name: string;
  readonly network: string;
  readonly address: HostAddress;
}

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
  /** Whether clients without a fixed address may share a certificate, each with a session of its own. */
  readonly duplicateCn: boolean;
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

/** What an agent does about what stands otherwise than its node's generation. */
export type Heal = "report" | "restore";

/** Load balancers, or the servers of a virtual network, or both; what is of the other kind is empty. */
export interface Cluster {
  readonly name: string;
  readonly networks: readonly Network[];
  /** Two or more, preferred first; none where there is `vpn` alone. */
  readonly nodes: readonly Node[];
  readonly routes: readonly Route[];
  readonly failover: Failover;
  /** Networks that carry connection state and the agents' beats first. */
  readonly sync: { readonly networks: readonly string[] };
  readonly virtualIps: readonly VirtualIp[];
  readonly services: readonly Service[];
  readonly nat: { readonly destination: readonly DestinationNat[]; readonly source: readonly SourceNat[] };
  readonly agent: {
    readonly port: number;
    /** On which the nodes' agents are reached; null where there are none. VPN servers' are at their own addresses. */
    readonly network: string | null;
    readonly heal: Heal;
  };
  readonly vpn: Vpn | null;
  readonly lab: { readonly hosts: readonly LabHost[] };
}
