import type { Host } from "../host/host.js";
import type { Cluster } from "../topology/cluster.js";
import type { Rhythm } from "./halting.js";

/** What a machine of the lab is. */
export type MachineKind =
  | "node"
  | "controller"
  | "echo"
  | "switch"
  | "host"
  | "router"
  | "vpn-server"
  | "vpn-client";

/** Machines with an agent of holdfast's have a supervisor, which is systemd to them. */
export const hasAgent = (kind: MachineKind): boolean => kind === "node" || kind === "vpn-server";

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs on a machine of the lab until it ends or is stopped. */
export interface LabProcess {
  /** In this machine's (the root) PID namespace. */
  readonly pid: number;
  /** Calls back for each complete line of standard output. */
  onLine(listener: (line: string) => void): void;
  /** Sends the signal (default SIGTERM), waits for the end, SIGKILL after 2 s. Returns all of standard output. */
  stop(signal?: NodeJS.Signals): Promise<string>;
  readonly ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
}

/** One machine: its own network, mount and PID namespace. */
export interface Machine {
  readonly name: string;
  readonly kind: MachineKind;
  /** Its addresses by network name (or by link name behind the router). */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** Its link-layer addresses, likewise. */
  readonly macs: Readonly<Record<string, string>>;
  exec(argv: readonly string[], options?: { stdin?: string; timeout?: number }): Promise<ExecResult>;
  spawn(argv: readonly string[]): Promise<LabProcess>;
  /** The same door as a real machine's. Reads and writes the machine's own files. */
  readonly host: Host;
}

/** What can be done to a running lab. Each fault has its inverse; all are idempotent. */
export interface LabFaults {
  /** Links cut first, then every process killed at once. */
  powerOff(node: string): Promise<void>;
  /** Boots the node from the files on its disk, as a real one would. */
  powerOn(node: string): Promise<void>;
  linkDown(machine: string, network: string): Promise<void>;
  linkUp(machine: string, network: string): Promise<void>;
  /** Carrier stays up, nothing passes. */
  pathDead(machine: string, network: string): Promise<void>;
  pathAlive(machine: string, network: string): Promise<void>;
  /** No advert reaches anybody, on any network; all else passes. */
  cutVrrp(): Promise<void>;
  mendVrrp(): Promise<void>;
  /** What is announced unasked of addresses reaches nobody: gratuitous ARP, unsolicited neighbour advertisements. */
  muffle(): Promise<void>;
  unmuffle(): Promise<void>;
  /** Nothing passes between these machines on any network; everybody else reaches each of them. */
  partition(machines: readonly string[]): Promise<void>;
  unite(machines: readonly string[]): Promise<void>;
  /** What the machine sends to these networks is lost; it hears all. */
  mute(machine: string, networks: readonly string[]): Promise<void>;
  unmute(machine: string, networks: readonly string[]): Promise<void>;
  /** The machine hears nothing of these networks; all hear it. */
  deafen(machine: string, networks: readonly string[]): Promise<void>;
  undeafen(machine: string, networks: readonly string[]): Promise<void>;
  /** So many percent of what passes on the machine's link are lost, in each direction; with 0 none. */
  lose(machine: string, network: string, percent: number): Promise<void>;
  /** Nothing passes between two VPN servers any more, whatever they say to each other: their tunnel stands still. */
  cutBetween(server: string, other: string): Promise<void>;
  healBetween(server: string, other: string): Promise<void>;
  /** A VPN server announces what it may not: a default route, and a network that is nobody's. */
  lie(server: string): Promise<void>;
  tellTruth(server: string): Promise<void>;
  /**
   * Sends a signal to every process of a daemon on a machine (`keepalived`, `haproxy`, `holdfast-agent`, `controller`). After
   * SIGKILL it is gone when this returns. Resolves to how many they were.
   */
  signal(machine: string, daemon: string, signal: NodeJS.Signals): Promise<number>;
  /** A daemon stands still and goes on, again and again. */
  halt(machine: string, daemon: string, rhythm: Rhythm): Promise<void>;
  proceed(machine: string, daemon: string): Promise<void>;
  /** Starts a daemon that is not running. */
  start(machine: string, daemon: string): Promise<void>;
  /** Its agent has a certificate in place of its own that ends after so many milliseconds, in whole seconds. */
  expire(machine: string, within: number): Promise<void>;
  /** Its agent has a new one that is as good as the first. */
  certify(machine: string): Promise<void>;
  /** Starts a VPN client that is not running; it tries this server first. */
  connect(client: string, server: string): Promise<void>;
}

export interface Lab {
  readonly cluster: Cluster;
  readonly machines: readonly Machine[];
  /** Throws, naming the machines there are, when there is none of that name. */
  machine(name: string): Machine;
  /** A program in the fabric's namespace, where each network is a bridge device named by `bridge(network)`. */
  spawnInFabric(argv: readonly string[]): Promise<LabProcess>;
  bridge(network: string): string;
  /** Where this machine finds the socket of a node's agent; null while the node is off. */
  agentSocket(node: string): string | null;
  readonly faults: LabFaults;
}
