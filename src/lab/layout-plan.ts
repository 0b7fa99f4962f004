import type { Prefix } from "../topology/address.js";
import type { HostAddress } from "../topology/cluster.js";
import type { MachineKind } from "./lab.js";

/** A lab on paper: what stands where, before anything is made. */
export interface Layout {
  readonly cluster: string;
  readonly segments: readonly Segment[];
  readonly machines: readonly MachinePlan[];
  /** Links between two machines that no bridge carries: the data plane behind the switches. */
  readonly cables: readonly Cable[];
  readonly switches: readonly SwitchPlan[];
  readonly vpnClients: readonly VpnClientPlan[];
}

/** A broadcast domain: a network of the topology, or a subnet behind a router, named by its prefix. */
export interface Segment {
  readonly name: string;
  /** Its bridge device in the fabric. */
  readonly bridge: string;
  readonly prefixes: readonly Prefix[];
  readonly mtu: number | null;
}

/** One machine's link to a segment. */
export interface Port {
  readonly segment: string;
  /** The end in the machine. */
  readonly device: string;
  /** The end in the fabric. */
  readonly name: string;
  readonly mac: string;
  readonly addresses: readonly HostAddress[];
}

export interface CableEnd {
  readonly machine: string;
  readonly device: string;
  readonly addresses: readonly HostAddress[];
}

export type Cable = readonly [CableEnd, CableEnd];

/** What answers on a machine: an OpenFlow controller, a master controller, or a responder that satisfies the health check. */
export interface Listener {
  readonly kind: "openflow" | "master" | "tcp" | "tls" | "http";
  readonly port: number;
  /** The HTTP status that the health check expects. */
  readonly status: number;
}

export type MachineRoute = {
  /** A prefix, or "default". */
  readonly destination: string;
} & ({ readonly via: string } | { readonly device: string });

export interface MachinePlan {
  readonly name: string;
  /** Other names of the same machine: two services may use one server. */
  readonly aliases: readonly string[];
  readonly kind: MachineKind;
  readonly ports: readonly Port[];
  readonly routes: readonly MachineRoute[];
  readonly listeners: readonly Listener[];
}

export interface SwitchPlan {
  readonly machine: string;
  /** The configured controller, once and for all. */
  readonly controller: { readonly address: string; readonly port: number };
  /** Devices of the data plane, all in the switch's one bridge. */
  readonly devices: readonly string[];
  /** The host behind it, and the address by which the other hosts reach it. */
  readonly host: { readonly machine: string; readonly address: string };
}

export interface VpnClientPlan {
  readonly machine: string;
  /** Its certificate's, and what the machine is called too. */
  readonly commonName: string;
  /** Those in the virtual network that the topology gives it; none where a server does. */
  readonly addresses: readonly string[];
  /** The VPN server that it tries first. */
  readonly server: string;
}
