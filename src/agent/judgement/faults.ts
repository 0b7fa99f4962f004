import type { Cluster } from "../../topology/cluster.js";

/**
 * What can be wrong with a node itself, or keep it out of service though nothing is (`unsettled`, `unsynced`, `maintenance`); dead
 * servers are no fault of a node.
 */
export const faultKinds = [
  "no-witness",
  "keepalived-gone",
  "interface-down",
  "network-dead",
  "address-missing",
  "address-stray",
  "haproxy-gone",
  "service-silent",
  "rules-missing",
  "second-owner",
  "unsettled",
  "unsynced",
  "maintenance",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** The network it concerns; empty where it concerns the whole node. */
  readonly network: string;
}

/** For instance `network-dead:switches`. */
export const faultName = ({ kind, network }: Fault): string => (network === "" ? kind : `${kind}:${network}`);

/**
 * How broken each fault makes a node; severities add up and peers compare the sums. A step of ten lies between what
 * takes everything (no VRRP at all), what takes a network, and what takes a service. A node that is only out of service
 * leaves to any that is fit, and stands in for every one that is not: all such reasons together weigh less than the
 * mildest fault.
 */
const severities: Readonly<Record<FaultKind, number>> = {
  // It stays for nobody: whoever hears it is not to leave to it, whatever is wrong with himself.
  "no-witness": 1_000_000,
  "keepalived-gone": 100_000,
  "interface-down": 10_000,
  "network-dead": 1_000,
  "address-missing": 100,
  "haproxy-gone": 100,
  "service-silent": 50,
  "rules-missing": 10,
  "address-stray": 10,
  // It weighs nothing: between two that are equally broken it decides (decide.ts), and nowhere else.
  "second-owner": 0,
  unsettled: 2,
  unsynced: 2,
  maintenance: 2,
};

/** A fault that has just gone weighs next to nothing, but enough not to be preferred to a node that never had it. */
const probationSeverity = 1;

/**
 * Without proxy services HAProxy only checks servers: sessions pass without it, so that losing it is mild, and a
 * restart (half a second) is no reason to move anything.
 */
const isMild = (cluster: Cluster, { kind }: Fault): boolean =>
  kind === "haproxy-gone" && !cluster.services.some((service) => service.mode === "proxy");

const mild = { severity: 9, patience: 3_000 };

const severityOf = (cluster: Cluster, fault: Fault): number =>
  isMild(cluster, fault) ? mild.severity : severities[fault.kind];

/** How long a fault must last before it counts. Milliseconds. */
const patienceFor = (cluster: Cluster, fault: Fault): number => {
  if (isMild(cluster, fault)) return mild.patience;
  // Between keepalived's word and the kernel's there may be a moment; a second look settles it.
  if (fault.kind === "address-missing") return 200;
  if (fault.kind === "address-stray") return 300;
  // A HAProxy that cannot bind to a new port lets go of its old ones for two seconds (200 tries, 10 ms apart) before it
  // takes them back. Sessions go on meanwhile; moving the addresses would end them.
  if (fault.kind === "service-silent") return 3_000;
  // An agent that starts asks its peers first, of which one may be away, and catches up: no reason to move anything.
  if (fault.kind === "unsettled") return 5_000;
  // Without preemption nothing moves to it anyhow while the active node lives, and a node that asks to be left out takes
  // longer to come in when that one dies.
  if (fault.kind === "unsynced") return cluster.failover.preempt ? 0 : 5_000;
  // A move has both for a moment, and the last beat of one that is dead counts a while (`freshness`).
  if (fault.kind === "second-owner") return 1_500;
  // Where a network comes back to life, one node hears its witness a moment before the other.
  if (fault.kind === "network-dead") return 150;
  // A machine that stood still has heard nobody at its first look either.
  if (fault.kind === "no-witness") return 150;
  return 0;
};

/** A probation starts at one second and doubles with each relapse, so that a fault that comes and goes moves ever less. */
const probation = { shortest: 1_000, longest: 64_000 };

interface Entry {
  readonly fault: Fault;
  readonly presentSince: number | null;
  /** Counts as broken. */
  readonly raised: boolean;
  /** Raised before and gone since: on probation until then. */
  readonly probationUntil: number;
  readonly probation: number;
}

/** Every fault a node has or lately had, by name. */
export type Ledger = ReadonlyMap<string, Entry>;

export const emptyLedger: Ledger = new Map();

/** The ledger after a look that found the faults `present` at `now` (milliseconds of any steady clock). */
export function updated(ledger: Ledger, present: readonly Fault[], now: number, cluster: Cluster): Ledger {
  const next = new Map<string, Entry>();
  for (const fault of present) {
    const before = ledger.get(faultName(fault));
    const presentSince = before?.presentSince ?? now;
    const raised = before?.raised === true || now - presentSince >= patienceFor(cluster, fault);
    next.set(faultName(fault), {
      fault,
      presentSince,
      raised,
      probationUntil: before?.probationUntil ?? 0,
      probation: before?.probation ?? probation.shortest,
    });
  }
  for (const [name, entry] of ledger) if (!next.has(name)) keepGone(next, name, entry, now);
  return next;
}

function keepGone(next: Map<string, Entry>, name: string, entry: Entry, now: number): void {
  const gone = { ...entry, presentSince: null, raised: false };
  if (entry.raised) {
    const longer = Math.min(entry.probation * 2, probation.longest);
    next.set(name, { ...gone, probationUntil: now + entry.probation, probation: longer });
  } else if (now < entry.probationUntil + probation.longest && entry.probationUntil > 0) {
    next.set(name, gone);
  }
}

/** Names of the faults that count now, sorted. */
export const raisedFaults = (ledger: Ledger): string[] =>
  [...ledger]
    .filter(([, entry]) => entry.raised)
    .map(([name]) => name)
    .sort();

/** The networks on which a fault of these kinds is seen, or, with `raised`, counts. */
export const faultNetworks = (ledger: Ledger, kinds: readonly FaultKind[], raised = false): string[] =>
  [...ledger.values()]
    .filter((entry) => kinds.includes(entry.fault.kind))
    .filter((entry) => entry.presentSince !== null && (entry.raised || !raised))
    .map((entry) => entry.fault.network);

/** The networks on which a fault of this kind counts, or did lately: its probation is not over. */
export const lately = (ledger: Ledger, kind: FaultKind, now: number): string[] =>
  [...ledger.values()]
    .filter((entry) => entry.fault.kind === kind && (entry.raised || now < entry.probationUntil))
    .map((entry) => entry.fault.network);

/**
 * What a peer's word weighs. Its doubt counts from its first beat: that it is patient with itself, so that nothing moves
 * when an agent starts, is no reason to move anything to it.
 */
export const severitySaid = (word: {
  readonly severity: number;
  readonly faults: readonly string[];
  readonly unsettled: boolean;
}): number =>
  word.severity + (word.unsettled && !word.faults.includes("unsettled") ? severities.unsettled : 0);

/** What the node tells its peers of itself: 0 is fit. */
export const severity = (ledger: Ledger, now: number, cluster: Cluster): number =>
  [...ledger.values()].reduce((sum, entry) => {
    if (entry.raised) return sum + severityOf(cluster, entry.fault);
    const lapsed = Math.min(probationSeverity, severityOf(cluster, entry.fault));
    return now < entry.probationUntil ? sum + lapsed : sum;
  }, 0);
