import type { VrrpState } from "../observe/state.js";
import type { Count } from "./beats/conversation.js";
import type { PeerLink } from "./beats/peer-links.js";
import type { Peer } from "./beats/peers.js";
import type { Circumstances } from "./circumstances.js";
import type { Judgement } from "./judgement/judgement.js";
import type { Facts } from "./judgement/own-faults.js";
import type { KeptEvidence } from "./networks/networks.js";
import type { SyncState } from "./sync/sync-state.js";

/**
 * What an agent leaves to the next one of its process when the topology changes, so that nothing has to be found out
 * again: the track file keeps its value, no peer misses a beat, and no engine or network counts as gone meanwhile. Times
 * are of performance.now().
 */
export interface Inheritance {
  readonly judgement: Judgement;
  /** A planned absence lasts until then. */
  readonly awayUntil: number;
  readonly count: Count;
  readonly peers: ReadonlyMap<string, Peer>;
  readonly evidence: ReadonlyMap<string, KeptEvidence>;
  /** What people were told of the peers, of the active node's endpoints, and of the operator's witnesses. */
  readonly unheard: readonly PeerLink[];
  readonly unreached: readonly string[];
  readonly silentWitnesses: readonly string[];
  /** Since when agents of this process have listened. */
  readonly listeningSince: number;
  readonly engines: KnownEngines;
  readonly rulesMissing: readonly string[];
  readonly circumstances: Circumstances;
  /** Null where there were no sessions to keep. */
  readonly sync: SyncState | null;
}

/** keepalived's role by network, and whether HAProxy answers. */
export interface KnownEngines {
  readonly roles: ReadonlyMap<string, VrrpState>;
  readonly haproxy: Facts["haproxy"];
}
