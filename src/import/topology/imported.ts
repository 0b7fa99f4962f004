import type { WrittenCheck } from "../haproxy/proxy.js";

/** What stands in the topology where no file says what belongs there: `holdfast validate` refuses it, at its place. */
export const fillIn = "FILL-IN";

/** Remarks that stand as comments above their part of the file. */
interface Remarked {
  readonly remarks: readonly string[];
}

export interface ImportedNetwork extends Remarked {
  readonly name: string;
  /** Prefixes, IPv4 first, or what has to be filled in. */
  readonly cidrs: readonly string[];
  readonly virtualRouterId: number | null;
}

export interface ImportedNode extends Remarked {
  readonly name: string;
  readonly interfaces: readonly {
    readonly network: string;
    readonly device: string;
    readonly addresses: readonly string[];
  }[];
}

export interface ImportedVirtualIp {
  readonly name: string;
  readonly network: string;
  readonly addresses: readonly string[];
}

export interface ImportedServer {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly backup: boolean;
}

export interface ImportedService extends Remarked {
  readonly name: string;
  readonly virtualIp: string;
  readonly port: number;
  readonly mode: "proxy" | "nat";
  readonly balance: "source" | "leastconn" | "roundrobin";
  readonly transparent: boolean;
  /** Null where no file tells how the servers are checked. */
  readonly check: WrittenCheck | null;
  readonly servers: readonly ImportedServer[];
}

export interface ImportedFailover extends Remarked {
  /** Milliseconds. */
  readonly advertInterval: number;
  readonly downAdverts: number;
  readonly preempt: boolean;
  /** Milliseconds; null for holdfast's own. */
  readonly preemptDelay: number | null;
}

/** A topology as it is printed: names are names, addresses are addresses or have to be filled in. */
export interface ImportedTopology extends Remarked {
  readonly cluster: string;
  readonly networks: readonly ImportedNetwork[];
  readonly nodes: readonly ImportedNode[];
  readonly routes: readonly { readonly destination: string; readonly via: string }[];
  readonly failover: ImportedFailover;
  readonly virtualIps: readonly ImportedVirtualIp[];
  readonly services: readonly ImportedService[];
  readonly nat: {
    readonly destination: readonly {
      readonly inbound: string;
      readonly address: string;
      readonly port: number;
      readonly service: string;
    }[];
    readonly source: readonly {
      readonly from: string;
      readonly outbound: string;
      readonly to: { readonly virtualIp: string } | { readonly address: string };
    }[];
  };
  readonly agentPort: number | null;
}
