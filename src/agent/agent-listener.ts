import type { ServerState, VrrpState } from "../observe/state.js";
import type { Beat } from "./beats/beat.js";
import type { PeerLink } from "./beats/peer-links.js";
import type { PeerState } from "./beats/peer-state.js";
import type { EndedSessions } from "./lost-servers/lost-servers-watch.js";
import type { Release } from "./release/release.js";
import type { SyncReport } from "./sync/sync-report.js";

/** keepalived said that an instance has another role. */
export interface RoleChange {
  readonly network: string;
  readonly from: VrrpState | null;
  readonly to: VrrpState;
}

export interface FaultChange {
  /** Names as in the state document, for instance `network-dead:switches`. */
  readonly raised: readonly string[];
  readonly cleared: readonly string[];
  /** Of the node as it is now; 0 is fit. */
  readonly severity: number;
  readonly yielding: boolean;
  /** One clause: why it yields, or does not. */
  readonly why: string;
}

export interface ServerChange {
  readonly service: string;
  readonly server: string;
  readonly up: boolean;
  /** HAProxy's word. */
  readonly status: string;
}

/** Who wants to know what an agent sees. Called on the event loop that judges health: it must not wait for anything. */
export interface AgentListener {
  role(change: RoleChange): void;
  faults(change: FaultChange): void;
  /** Servers that HAProxy now judges otherwise. */
  servers(changes: readonly ServerChange[]): void;
  /** Sessions of a `nat` service were ended here: their server is dead, and another one lives. */
  ended(ended: EndedSessions): void;
  /** This node took a network's virtual IPs over, and sessions through the HAProxy of the node before were released. */
  released(network: string, release: Release): void;
  /** Virtual IPs and ports of the active node that this node does not reach over the network, and those it does again. */
  reach(lost: readonly string[], back: readonly string[]): void;
  /** Live peers that are not heard any more on some network, and those that are again; one of the two is never empty. */
  links(lost: readonly PeerLink[], back: readonly PeerLink[]): void;
  /** Witnesses of the operator's that do not answer this node any more, and those that do again; one of the two is never empty. */
  witnesses(lost: readonly string[], back: readonly string[]): void;
  /** The sync of the sessions' state stands otherwise than it did. */
  sync(report: SyncReport, before: SyncReport): void;
  /** Another run of conntrackd than the one known before answers. */
  syncRenewed(): void;
  /** HAProxy, which answered before, does not any more; or answers again. */
  haproxy(answers: boolean): void;
  /** All of HAProxy's servers, each time it was asked. */
  pool(servers: readonly ServerState[]): void;
  /** HAProxy's answer to `showStanding`, each time it was asked. */
  standing(answer: string): void;
  /** A peer's beat that is news. */
  beat(beat: Beat): void;
  /** A peer came, fell silent, or says another generation, severity or doubt than before. */
  peer(peer: PeerState): void;
}

/** For those who only want some of it. */
export const deafListener: AgentListener = {
  role: () => undefined,
  faults: () => undefined,
  servers: () => undefined,
  ended: () => undefined,
  released: () => undefined,
  reach: () => undefined,
  links: () => undefined,
  witnesses: () => undefined,
  sync: () => undefined,
  syncRenewed: () => undefined,
  haproxy: () => undefined,
  pool: () => undefined,
  standing: () => undefined,
  beat: () => undefined,
  peer: () => undefined,
};
