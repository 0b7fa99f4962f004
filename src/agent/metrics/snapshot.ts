import type { DriftItem } from "../../api/documents.js";
import type { MirrorReport } from "../../mirror/report.js";
import type { PeerLink } from "../beats/peer-links.js";
import type { TableCount } from "../conntrack-table/table-fill.js";
import type { FaultKind } from "../judgement/faults.js";
import type { SyncReport } from "../sync/sync-report.js";
import type { VpnReport } from "../vpn/vpn-report.js";

export const metricRoles = ["active", "standby", "fault", "maintenance"] as const;

/** All that a scrape tells of a node, at one moment. Durations are milliseconds, times milliseconds since 1970. */
export interface MetricsSnapshot {
  readonly node: string;
  /** Its name. */
  readonly cluster: string;
  readonly programVersion: string;
  /** Null on a VPN server. */
  readonly role: (typeof metricRoles)[number] | null;
  readonly faults: Readonly<Record<FaultKind, boolean>>;
  readonly drift: readonly Pick<DriftItem, "kind">[];
  /** Null before the first apply. */
  readonly generation: number | null;
  /** When the generation on trial goes back; null without a trial. */
  readonly confirmBy: number | null;
  /** When this node's certificate ends; null without one. */
  readonly certificateExpiry: number | null;
  /** When the authority that signed it ends; null without one. */
  readonly authorityExpiry: number | null;
  /** When this node last took over, or lost the virtual IPs; null where its log tells of neither. */
  readonly lastRoleChange: number | null;
  readonly services: readonly {
    readonly name: string;
    /** Null where nobody counts them at this moment. */
    readonly sessions: number | null;
    /** Sessions with a dead or removed server that this node ended since the agent started; null with `proxy`. */
    readonly ended: number | null;
    /** Sessions past the multiplexer; null where none stands in their path, or nobody counts them. */
    readonly past: number | null;
    readonly servers: readonly {
      readonly name: string;
      readonly up: boolean;
      /** It is meant to get no new sessions. */
      readonly draining: boolean;
    }[];
  }[];
  readonly peers: readonly {
    readonly name: string;
    readonly ready: boolean;
    /** As this node was told, also while the peer is away. */
    readonly inMaintenance: boolean;
  }[];
  /** Each other node on each network that it shares with this one: does it live, and is not heard there? */
  readonly links: readonly (PeerLink & { readonly silent: boolean })[];
  /** The operator's witnesses, and whether one does not answer this node. */
  readonly witnesses: readonly { readonly address: string; readonly silent: boolean }[];
  /** Each other node on each network with virtual IPs, and whoever else claims them: does it act as owner beside this node? */
  readonly rivals: readonly { readonly network: string; readonly peer: string; readonly owner: boolean }[];
  /** From the first sign of the last failover to the first answer; null where this node has never taken over. */
  readonly lastFailoverGap: number | null;
  /** Sessions through the HAProxy of a node before this one whose ends were made to let go. */
  readonly released: number;
  readonly sync: Pick<SyncReport, "state" | "silence" | "entries">;
  /** The kernel's connection table; null where it tracks nothing. */
  readonly table: TableCount | null;
  /** What this node mirrors. */
  readonly mirrors: readonly MirrorReport[];
  /** Null where this machine is no VPN server. */
  readonly vpn: VpnReport | null;
  /** The last verdict on each drill that this node heard of. */
  readonly drills: readonly { readonly drill: string; readonly passed: boolean; readonly at: number }[];
  readonly process: {
    readonly startedAt: number;
    /** Both user and system. */
    readonly cpuTime: number;
    readonly residentBytes: number;
  };
}
