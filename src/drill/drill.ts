import type { EventKind } from "../api/event.js";
import type { Cluster } from "../topology/cluster.js";
import type { AskedFault, Fault } from "./fault/fault.js";
import type { Situation } from "./situation.js";

/** What some node's agent has to tell among its events: the alarm, and that its cause was understood. */
export interface Alarm {
  readonly kind: EventKind;
  /** Words that its text has in it. */
  readonly says: string;
  /** The text begins with them: a name that ends like another one is not taken for it. */
  readonly begins?: boolean;
}

/** Both ends are part of it. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** What the switches may see at most. Milliseconds. */
export interface Expectation {
  /** The longest silence of any virtual IP. */
  readonly addressOutageAtMost: number;
  /** The longest time in which no new session was greeted. */
  readonly serviceOutageAtMost: number;
  /** How often the virtual IPs change hands: exactly, or within which bounds. */
  readonly ownerChanges: number | Range;
  /** The longest time two nodes announce themselves as owner of one network. */
  readonly twoOwnersAtMost: number;
  /** Sessions that may end; null: all of them, as long as they come back. */
  readonly sessionsLostAtMost: number | null;
  /** From the fault until the last session that ended is of use again. */
  readonly sessionsBackWithin: number;
  readonly told: readonly Alarm[];
  /** Two nodes answer for the virtual IPs while it lasts, which nothing can keep them from. */
  readonly bothAnswer?: boolean;
}

/** What the way back may cost once the fault is undone. Milliseconds. */
export interface Recovery
  extends Pick<Expectation, "addressOutageAtMost" | "serviceOutageAtMost" | "twoOwnersAtMost"> {
  /** How often the virtual IPs change hands. */
  readonly movesAtMost: number;
}

/** A drill's promise, and that of the way back. */
export interface Promised extends Expectation {
  readonly recovery: Recovery;
}

/** A fault with its promise. */
export interface Drill {
  readonly name: string;
  /** One line for `drill list`. */
  readonly summary: string;
  /** What brings it about that no more is noticed: sentences for `drill explain`. */
  readonly why: string;
  /** Whether a cluster has what is struck; absent where every one has. */
  needs?(cluster: Cluster): boolean;
  readonly fault: Fault;
  /** Milliseconds after which the fault is undone, whatever is seen; absent where it stays until the switches are served. */
  readonly lasts?: number;
  expect(cluster: Cluster, situation: Situation): Expectation;
  /** Absent where the way back promises what every one does. */
  wayBack?(cluster: Cluster): Recovery;
  /** Milliseconds that are watched at least, even when nothing seems to happen: after the fault, or after its end where it `lasts`. */
  watch(cluster: Cluster): number;
  /** Milliseconds after which the drill has failed when the switches are still not served. */
  readonly deadline: number;
  /** May be run on a cluster in production: nothing is broken by it. */
  readonly safe: boolean;
}

/** Breaks nothing, and takes agents alone: may be run on real nodes. */
export interface SafeDrill extends Drill {
  readonly fault: AskedFault;
  readonly safe: true;
}
