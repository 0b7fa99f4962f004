import type { EventKind } from "../api/event.js";
import type { Cluster } from "../topology/cluster.js";

/** Whom a fault strikes: who that is is known only when the drill runs. */
type NodeRole = "active" | "standby";

/** Dies at once, ends in order, or stands still. */
export type Signal = "SIGKILL" | "SIGTERM" | "SIGSTOP";

/** What happens to the cluster. The machine is named only when the drill runs: see situation.ts. */
export type Fault =
  | { readonly kind: "power"; readonly on: NodeRole }
  | {
      readonly kind: "signal";
      readonly on: NodeRole | "busiest-server";
      readonly daemon: string;
      readonly signal: Signal;
    }
  | { readonly kind: "link" | "path"; readonly on: NodeRole; readonly network: "of-first-service" }
  | { readonly kind: "move" };

/** What a drill knows of the cluster at the moment it begins. */
export interface Situation {
  /** The node that holds the virtual IPs. */
  readonly active: string;
  /** The node that takes them over: the most preferred of those that stand by. */
  readonly standby: string;
  /** The network on which the first service's clients stand. */
  readonly network: string;
  /** The first service's server with most sessions, and how many those are. */
  readonly busiestServer: { readonly machine: string; readonly sessions: number };
}

/** What some node's agent has to tell among its events: the alarm, and that its cause was understood. */
export interface Alarm {
  readonly kind: EventKind;
  /** Words that its text has in it. */
  readonly says: string;
}

/** What the switches may see at most. Milliseconds. */
export interface Expectation {
  /** The longest silence of any virtual IP. */
  readonly addressOutageAtMost: number;
  /** The longest time in which no new session was greeted. */
  readonly serviceOutageAtMost: number;
  /** How often the virtual IPs change hands, exactly. */
  readonly ownerChanges: number;
  /** The longest time two nodes announce themselves as owner of one network. */
  readonly twoOwnersAtMost: number;
  /** Sessions that may end; null: all of them, as long as they come back. */
  readonly sessionsLostAtMost: number | null;
  /** From the fault until the last session that ended is of use again. */
  readonly sessionsBackWithin: number;
  readonly told: readonly Alarm[];
}

/** A fault with its promise. The inverse of the fault is implied by its kind. */
export interface Drill {
  readonly name: string;
  /** One line for `drill list`. */
  readonly summary: string;
  /** What brings it about that no more is noticed: sentences for `drill explain`. */
  readonly why: string;
  readonly fault: Fault;
  expect(cluster: Cluster, situation: Situation): Expectation;
  /** Milliseconds that are watched after the fault at least, even when nothing seems to happen. */
  watch(cluster: Cluster): number;
  /** Milliseconds after which the drill has failed when the switches are still not served. */
  readonly deadline: number;
  /** May be run on a cluster in production: nothing is broken by it. */
  readonly safe: boolean;
}
