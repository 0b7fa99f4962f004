import type { Release } from "../release/release.js";
import type { Sighting } from "../wire/sighting.js";
import type { AddressMove } from "./address-watch.js";
import type { HeardBeat } from "./cause.js";

/** What is known of one network whose role changed. Times are milliseconds since the epoch. */
export interface NetworkChange {
  readonly network: string;
  /** When keepalived reported it. */
  readonly at: number;
  /** What the wire said of this network, in any order. */
  readonly sightings: readonly Sighting[];
  /** When one of the network's virtual addresses came to stand on an interface. */
  readonly addresses: readonly number[];
  /** Those that left it, oldest first. */
  readonly departures: readonly AddressMove[];
  /** What became of the sessions through the HAProxy of the node before; null where there were none. */
  readonly release: Release | null;
}

/** Everything known about a change of role once its consequences have been seen: of all networks that moved together. */
export interface RoleChange {
  readonly from: string | null;
  readonly to: string;
  /** The role was there before the agent looked. */
  readonly found: boolean;
  readonly networks: readonly NetworkChange[];
  /** The peers' last beats at the change, and those that came since. */
  readonly beatsBefore: readonly HeardBeat[];
  readonly beatsSince: readonly HeardBeat[];
  /** By network: the peer that last said that it was master there, before this node was. */
  readonly lastMasters: ReadonlyMap<string, string>;
  /** This node's own decision at the change. */
  readonly own: { readonly yield: boolean; readonly why: string };
  readonly plannedBy: string | null;
}

/** The node that has an address of its own; null for a stranger's. */
export type NameOf = (address: string) => string | null;
