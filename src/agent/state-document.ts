import type { ProcessState } from "../observe/state.js";
import type { BeatNetwork } from "./beat.js";
import type { PeerReport } from "./decide.js";
import { raisedFaults } from "./faults.js";
import type { Judgement } from "./judgement.js";
import type { Facts } from "./own-faults.js";

/** All that an agent knows, at one moment. */
export interface Knowledge {
  readonly node: string;
  readonly cluster: string;
  readonly digest: string;
  readonly judgement: Judgement;
  readonly engines: { readonly keepalived: ProcessState; readonly haproxy: Facts["haproxy"] };
  readonly networks: Readonly<Record<string, BeatNetwork>>;
  readonly peers: readonly PeerReport[];
  /** The age in milliseconds up to which a peer counts as alive. */
  readonly freshness: number;
}

/** What `GET /v1/state` answers. */
export const stateDocument = (known: Knowledge) => ({
  schema: "holdfast/agent-state/v1",
  node: known.node,
  cluster: known.cluster,
  digest: known.digest,
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
  peers: known.peers.map(({ name, age, severity }) => {
    const alive = age <= known.freshness;
    return { name, alive, ready: alive && severity === 0, severity, age: Math.round(age) };
  }),
});
