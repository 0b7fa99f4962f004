import type { Cluster, Node } from "../../topology/cluster.js";
import type { PeerWord } from "../beats/peers.js";
import { type Decision, decide } from "./decide.js";
import { emptyLedger, type Ledger, lately, raisedFaults, severity, severitySaid, updated } from "./faults.js";
import { type Facts, ownFaults } from "./own-faults.js";

/** What an agent holds true of its own node. */
export interface Judgement {
  /** Networks dead for this node alone, and what proves it. */
  readonly deadNetworks: ReadonlyMap<string, string>;
  readonly ledger: Ledger;
  /** What the peers are told; 0 is fit. */
  readonly severity: number;
  readonly decision: Decision;
}

/** One look at everything. */
export interface Look {
  /** Milliseconds of any steady clock. */
  readonly now: number;
  readonly facts: Facts;
  readonly peers: readonly PeerWord[];
  /** Somebody asked the node to step back for a while. */
  readonly away: boolean;
}

/** Who is judged, and by what measure. */
export interface Subject {
  readonly cluster: Cluster;
  readonly node: Node;
  /** Networks whose loss counts. */
  readonly serving: readonly string[];
  /** The age in milliseconds up to which a peer counts as alive. */
  readonly freshness: number;
}

/** How broken a planned absence makes a node: more than a fault that is over, less than any fault. */
const plannedAbsence = 2;

export const noJudgement: Judgement = {
  deadNetworks: new Map(),
  ledger: emptyLedger,
  severity: 0,
  decision: { yield: false, why: "just started" },
};

/** The judgement after one more look. */
export function judged(
  before: Judgement,
  look: Look,
  { cluster, node, serving, freshness }: Subject,
): Judgement {
  const { now, facts, peers, away } = look;
  // Where everybody is in doubt there is nobody to leave to. Whoever settles first gives the others time to follow.
  const alive = peers.filter(({ age }) => age <= freshness);
  const unsettled = facts.unsettled && alive.some((peer) => !peer.unsettled);
  // Whoever hears a peer needs no witness. A standby's keepalived hears one, if only one whose agent is dead.
  const isAlone = alive.length === 0 && ![...facts.roles.values()].includes("backup");
  const witnesses = isAlone ? facts.witnesses : [];
  const present = ownFaults(cluster, node, serving, { ...facts, unsettled, witnesses });
  const ledger = updated(before.ledger, present, now, cluster);
  const own = severity(ledger, now, cluster) + (away ? plannedAbsence : 0);
  const faults = [...raisedFaults(ledger), ...(away ? ["a planned move"] : [])];
  const cutOff = faults.includes("no-witness") ? withoutWitness(witnesses) : null;
  // One that comes back too often, whatever brings it back, stays away for longer each time.
  const rivals = lately(ledger, "second-owner", now).flatMap((network) => facts.rivals.get(network) ?? []);
  const said = severitySaid({ severity: own, faults, unsettled: facts.unsettled });
  const decision = decide({ severity: own, said, faults, cutOff, rivals }, peers, freshness);
  return { deadNetworks: facts.deadNetworks, ledger, severity: own, decision };
}

const withoutWitness = (witnesses: Facts["witnesses"]): string => {
  const names = witnesses.map(({ address }) => address);
  return names.length === 1
    ? `no peer is heard, and witness ${names[0]} does not answer`
    : `no peer is heard, and none of the witnesses ${names.join(", ")} answers`;
};

/** Whether the peers should hear of the change at once. */
export const concernsPeers = (before: Judgement, after: Judgement): boolean =>
  before.severity !== after.severity || before.decision.yield !== after.decision.yield;
