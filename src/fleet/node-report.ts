import type { TableFill } from "../agent/conntrack-table/table-fill.js";
import type { SyncReport } from "../agent/sync/sync-report.js";
import type { VpnReport } from "../agent/vpn/vpn-report.js";
import type { TransactionDocument } from "../api/documents.js";
import type { MirrorReport } from "../mirror/report.js";
import type { NodeState } from "../observe/state.js";
import type { VpnServerState } from "../observe/vpn-server.js";

/** What `GET /v1/node` answers: a node as its engines describe it, and what only its agent can know. */
export interface NodeReport extends NodeState {
  /** Sessions by `nat` service. */
  readonly nat_sessions: Readonly<Record<string, number>>;
  readonly report: AgentReport;
}

/** What a VPN server's agent answers there. */
export interface VpnServerReport extends VpnServerState {
  /** What its watch knows of clients and the other servers. Routes are asked for with `GET /v1/state`. */
  readonly vpn: VpnReport;
  readonly report: AgentReport;
}

export type MachineReport = NodeReport | VpnServerReport;

export const isOfVpnServer = (report: MachineReport): report is VpnServerReport =>
  "kind" in report && report.kind === "vpn-server";

export interface AgentReport {
  readonly program: string;
  /** ISO 8601; null for an agent without a certificate. */
  readonly certificateExpires: string | null;
  /** The change that the node is in the middle of. */
  readonly transaction: TransactionDocument | null;
  /** Why the node is not on its peers' generation yet; null when it is. */
  readonly unsettled: string | null;
  /** "since TIME by NAME"; null when in service. */
  readonly maintenance: string | null;
  /** Sentences: who else claims a virtual IP, and what proves it. */
  readonly twoOwners: readonly string[];
  /** Virtual IPs and ports of the active node that this one does not reach; an older program does not say. */
  readonly unreached?: readonly string[];
  /** Peers that live and are not heard on some network, `lb-b on management`; an older program does not say. */
  readonly unheard?: readonly string[];
  /** Addresses of `failover.witness` that do not answer this node; an older program does not say. */
  readonly silentWitnesses?: readonly string[];
  /** How it stands with the sessions' state; an older program does not say. */
  readonly sync?: SyncReport;
  /** How full its kernel's connection table is; null where it has none, and an older program does not say. */
  readonly table?: TableFill | null;
  /** What it mirrors to a master controller; an older program does not say. */
  readonly mirrors?: readonly MirrorReport[];
  /** The last time this node took over; a cause of null is still being found out. */
  readonly lastTakeover: {
    readonly at: string;
    readonly cause: string | null;
    readonly gap: number | null;
  } | null;
}
