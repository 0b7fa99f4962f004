import type { ProcessState, ServerState, VrrpState } from "../observe/state.js";
import type { BeatNetwork } from "./beats/beat.js";
import type { PeerLink } from "./beats/peer-links.js";
import type { PeerState } from "./beats/peer-state.js";
import type { Circumstances } from "./circumstances.js";
import { raisedFaults } from "./judgement/faults.js";
import type { Judgement } from "./judgement/judgement.js";
import type { Facts } from "./judgement/own-faults.js";
import type { SyncReport } from "./sync/sync-report.js";

/** All that an agent knows, at one moment. */
export interface Knowledge {
  readonly node: string;
  readonly cluster: string;
  readonly digest: string;
  readonly circumstances: Circumstances;
  readonly judgement: Judgement;
  readonly engines: { readonly keepalived: ProcessState; readonly haproxy: Facts["haproxy"] };
  readonly networks: Readonly<Record<string, BeatNetwork>>;
  readonly sync: SyncReport;
  readonly peers: readonly PeerState[];
}

/** What `GET /v1/state` answers. */
export const stateDocument = (known: Knowledge) => ({
  schema: "holdfast/agent-state/v1",
  node: known.node,
  cluster: known.cluster,
  digest: known.digest,
  ...known.circumstances,
  faults: raisedFaults(known.judgement.ledger),
  severity: known.judgement.severity,
  yielding: known.judgement.decision.yield,
  why: known.judgement.decision.why,
  ...known.engines,
  networks: Object.entries(known.networks).map(([name, network]) => ({
    name,
    dead: known.judgement.deadNetworks.has(name),
    ...network,
  })),
  sync: known.sync,
  peers: known.peers,
});

/** What an agent can say at any moment without asking anybody, for metrics and status. */
export interface AgentReport extends Circumstances {
  readonly keepalived: ProcessState;
  readonly haproxy: Facts["haproxy"];
  /** By network; empty while unknown. */
  readonly roles: ReadonlyMap<string, VrrpState>;
  readonly faults: readonly string[];
  readonly severity: number;
  readonly yielding: boolean;
  /** One clause: why it yields, or does not. */
  readonly why: string;
  /** HAProxy's last word, half a second old at most while it answers; null before it spoke. */
  readonly servers: readonly ServerState[] | null;
  /** Virtual IPs and ports of the active node that this one does not reach over the network. */
  readonly unreached: readonly string[];
  /** Networks on which a live peer is not heard. */
  readonly unheard: readonly PeerLink[];
  /** Witnesses of the operator's that do not answer this node. */
  readonly silentWitnesses: readonly string[];
  readonly sync: SyncReport;
  readonly peers: readonly PeerState[];
}
