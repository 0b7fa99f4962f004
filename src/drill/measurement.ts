import type { NeighboursSeen } from "./neighbours.js";
import type { SessionMeasure } from "./sessions.js";

/** What was seen from the switches' side, from the fault until the cluster served again. Milliseconds. */
export interface Measurement {
  /** Each virtual address, probed every millisecond. */
  readonly addresses: readonly { readonly address: string; readonly outage: number }[];
  /** The longest time in which no new session was greeted; null when there is no service to ask. */
  readonly serviceOutage: number | null;
  readonly owners: {
    /** The most changes seen on any network. */
    readonly changes: number;
    readonly byNetwork: readonly { readonly network: string; readonly changes: number }[];
    /** The longest time two nodes acted as owner on any network. */
    readonly twoOwners: number;
    readonly timeline: readonly OwnerSpan[];
  };
  readonly sessions: SessionMeasure;
  /** Packets from the service's port that a client got of another address than the one it knows. */
  readonly strangers: number;
  /** What the cluster's way back cost once the fault was undone, until every node was ready again. */
  readonly recovery: {
    /** The longest silence of any virtual address, the longest time without a greeting, the longest contest. */
    readonly addressOutage: number;
    readonly serviceOutage: number;
    readonly twoOwners: number;
    /** The most moves on any network. */
    readonly moves: number;
    readonly noise: number;
  };
  /** To whom the lab's hosts send what is meant for the virtual IPs, once the switches are served again. */
  readonly neighbours: NeighboursSeen;
  /**
   * The longest silence of a client's own loopback address: no fault of the cluster reaches it, so this is how long the
   * machine that carries the lab stood still for its probes.
   */
  readonly noise: number;
  /** What may not be, however broken the cluster is, and was all the same before the fault was undone: sentences. */
  readonly meanwhile: readonly string[];
  /** What is otherwise than before although the fault was undone: sentences. */
  readonly left: readonly string[];
  /** The fault was seen to be over before the drill's deadline. */
  readonly settled: boolean;
}

/** Relative to the fault. */
export interface OwnerSpan {
  readonly network: string;
  readonly node: string;
  readonly from: number;
  readonly until: number;
}

export const addressOutage = ({ addresses }: Pick<Measurement, "addresses">): number =>
  Math.max(0, ...addresses.map(({ outage }) => outage));
