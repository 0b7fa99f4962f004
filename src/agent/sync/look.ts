import type { BeatSync } from "../beats/beat.js";

/** What conntrackd says of itself. Numbers count from its start, unless said otherwise. */
export interface EngineWord {
  /** Tells one run of it from the next. */
  readonly instance: number;
  /** Entries in its internal cache now: what it would send to a node that asks. */
  readonly cached: number;
  /** Entries that it put into the kernel's table because a peer's conntrackd sent them. */
  readonly injected: number;
  /** Packets of the peers' conntrackd; each says once a second that it lives. */
  readonly received: number;
  /** Times the kernel had news for it and nowhere to put them; null where nobody wanted to know. */
  readonly overruns: number | null;
}

/** The live peer that holds the virtual IPs. */
export interface ActivePeer {
  readonly node: string;
  /** Null where its program is older and says nothing of it. */
  readonly word: BeatSync | null;
}

/** All that is found in one look. */
export interface SyncLook {
  /** Milliseconds of any steady clock. */
  readonly now: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** This node's own, by keepalived's word; unknown before it spoke. */
  readonly role: "active" | "standby" | "unknown";
  /** Null when conntrackd does not answer. */
  readonly engine: EngineWord | null;
  /** Entries in the kernel's table, of whatever kind. */
  readonly table: number;
  readonly active: ActivePeer | null;
  /** Some live peer says that its conntrackd runs: something has to arrive. */
  readonly isSpokenTo: boolean;
  /** Some live peer does not hold yet what the active node holds. */
  readonly isWaitedFor: boolean;
}

/** What is known of the cluster without asking conntrackd. */
export type Scene = Pick<SyncLook, "role" | "active" | "isSpokenTo" | "isWaitedFor">;
