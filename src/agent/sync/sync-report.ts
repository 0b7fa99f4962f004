import type { SyncLook } from "./look.js";
import { enough, keyOf, roundTimes } from "./round.js";
import { isSilent, type SyncState } from "./sync-state.js";

/**
 * How a node stands with the sessions' state: `active`, the others follow it; `complete`, it holds what the active node
 * holds; `pending`, it is on its way to that; `lost`, it is not; `off`, the cluster has no sessions to keep.
 */
export const syncStates = ["active", "complete", "pending", "lost", "off"] as const;

export interface SyncReport {
  readonly state: (typeof syncStates)[number];
  /** One clause: what is wrong, or what is being waited for; null while all is well. */
  readonly why: string | null;
  /** Why the node leaves the virtual IPs to others until it holds the active node's sessions; null when it does not. */
  readonly unsynced: string | null;
  /** Entries that this node's conntrackd would send to one that asks; null while it does not answer. */
  readonly entries: number | null;
  /** Milliseconds since something of the peers' conntrackd was found to have arrived; null where nothing has to. */
  readonly silence: number | null;
}

export const syncOff: SyncReport = {
  state: "off",
  why: null,
  unsynced: null,
  entries: null,
  silence: null,
};

/** Before the first look. */
export const syncNotLooked: SyncReport = { ...syncOff, state: "pending" };

/** Milliseconds for which a round that moves on, or an engine that is just being started again, is no trouble. */
const grace = 5_000;

/** What a node says of its sync after a look. */
export function syncReport(state: SyncState, look: SyncLook): SyncReport {
  const { engine, now, isSpokenTo } = look;
  const why = lossOf(state, look);
  const unsynced = unsyncedBecause(state, look);
  return {
    state: stateOf(state, look, why),
    why: why ?? unsynced,
    unsynced,
    entries: engine?.cached ?? null,
    silence: isSpokenTo ? now - state.receivedAt : null,
  };
}

function stateOf(state: SyncState, { role }: SyncLook, why: string | null): SyncReport["state"] {
  if (why !== null) return "lost";
  if (role === "active") return "active";
  return state.complete !== null && state.pendingSince === null ? "complete" : "pending";
}

/** What is wrong, if anything is; one clause. */
function lossOf(state: SyncState, { now, role, active }: SyncLook): string | null {
  const lasts = (since: number | null) => since !== null && now - since >= grace;
  if (lasts(state.missingSince)) return "conntrackd does not answer";
  if (state.failure !== null && lasts(state.failure.since)) return state.failure.why;
  if (state.missingSince === null && isSilent(state, now)) {
    const seconds = Math.floor((now - state.receivedAt) / 1_000);
    return `nothing arrives from the peers' conntrackd for ${seconds} s`;
  }
  if (role !== "standby" || active === null || !lasts(state.pendingSince)) return null;
  if (keyOf(active) !== null) return isWaiting(state, now) ? null : shortOf(state, active);
  return active.word?.instance === 0
    ? `the conntrackd of ${active.node} does not answer`
    : notSaid(active.node);
}

const isWaiting = ({ doubtSince }: SyncState, now: number): boolean =>
  doubtSince !== null && now - doubtSince < roundTimes.givenUp;

function unsyncedBecause(state: SyncState, { role, active, now }: SyncLook): string | null {
  if (role !== "standby" || !isWaiting(state, now)) return null;
  const word = active?.word ?? null;
  // Who serves nobody, or cannot send, is not waited for.
  if (active === null || word === null || word.instance === 0) return null;
  if (word.epoch === null) return notSaid(active.node);
  return enough(word.entries) === 0 ? null : shortOf(state, active);
}

const notSaid = (node: string) => `${node} has not said yet which sessions it holds`;

const shortOf = ({ round }: SyncState, { node, word }: { node: string; word: { entries: number } | null }) =>
  `holds ${round?.got ?? 0} of the ${word?.entries ?? 0} sessions' entries of ${node}`;
