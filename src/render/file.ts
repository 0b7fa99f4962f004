/** What checks and loads a file once it is in place. */
export type FileEngine =
  | "keepalived"
  | "haproxy"
  | "conntrackd"
  | "iptables"
  | "ip6tables"
  | "sysctl"
  | "routes"
  | "systemd"
  | "agent"
  | "multiplexer"
  | "openvpn"
  | "bird";

/** One file of a node, as it must stand on disk. */
export interface RenderedFile {
  /** Absolute path on the node. */
  readonly path: string;
  /** Permission bits, for instance 0o640. */
  readonly mode: number;
  readonly owner: { readonly user: string; readonly group: string };
  readonly body: string;
  readonly engine: FileEngine;
}
