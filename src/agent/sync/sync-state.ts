import type { SyncLook } from "./look.js";
import { begunRound, enough, grownRound, isStalled, keyOf, type Round } from "./round.js";

/**
 * What conntrackd is asked to do. `publish`: the kernel's table is what it sends to whoever asks; `withdraw`: it has
 * nothing to send, since another node's table is the true one; `ask`: the active node's conntrackd sends all it has.
 */
export type SyncAction = "publish" | "withdraw" | "ask";

/** What a node knows of its part in the state sync. Times are of a steady clock, in milliseconds. */
export interface SyncState {
  /** The run of conntrackd that all below is about; null before the first. */
  readonly instance: number | null;
  readonly missingSince: number | null;
  /** What its internal cache was last made for. */
  readonly duty: "active" | "standby" | null;
  /** When that was. */
  readonly dutyAt: number;
  /** Entries in its cache at the last look of those that wait for a publication to end. */
  readonly filling: number | null;
  /** Names the last publication (milliseconds since the epoch); null on a node that has nothing to send. */
  readonly epoch: number | null;
  /** Those that its last publication made good; null while that is not known. */
  readonly overruns: number | null;
  readonly round: Round | null;
  /** The key of what this node holds, and how many entries came. */
  readonly complete: { readonly key: string; readonly entries: number } | null;
  /** Since when what the active node sends is not what this node holds. */
  readonly pendingSince: number | null;
  /** Since when nobody can say what this node holds: its conntrackd or its agent is new. Null once a round was complete. */
  readonly doubtSince: number | null;
  readonly received: number;
  /** When a packet of a peer's conntrackd was last found to have arrived, or none was to be expected. */
  readonly receivedAt: number;
  readonly table: number;
  /** What conntrackd did not do, and since when; nothing is asked of it again before `retryAt`. */
  readonly failure: { readonly why: string; readonly since: number } | null;
  readonly retryAt: number;
}

/** Milliseconds. */
export const syncTimes = {
  /** Peers' conntrackd say once a second that they live: this is more than a busy moment. */
  silence: 5_000,
  /** Publishing anew drops what conntrackd believes in vain, and renews how long the standbys keep each entry. */
  publishAgain: 600_000,
  /** After news were lost, until the burst that lost them is over. */
  afterOverrun: 2_000,
  filling: 200,
  retry: 1_000,
  withdrawAgain: 5_000,
  /** Between two rounds because of a table that has fewer entries than it should. */
  short: 60_000,
} as const;

/** A standby's own connections to the virtual IPs stand in its cache too: knocks, drills. */
const ownEntries = 100;

export const initialSync = (now: number): SyncState => ({
  instance: null,
  missingSince: null,
  duty: null,
  dutyAt: now,
  filling: null,
  epoch: null,
  overruns: null,
  round: null,
  complete: null,
  pendingSince: null,
  doubtSince: now,
  received: 0,
  receivedAt: now,
  table: 0,
  failure: null,
  retryAt: 0,
});

/** The state after a look. */
export function looked(before: SyncState, look: SyncLook): SyncState {
  const { engine, now, table } = look;
  if (engine === null) return { ...before, table, missingSince: before.missingSince ?? now };
  const known = before.instance === engine.instance ? before : another(before, engine.instance, now);
  const heard = engine.received !== known.received || !look.isSpokenTo;
  const isBack = heard && isSilent(known, now);
  const state = {
    ...known,
    // What was asked meanwhile nobody heard.
    round: isBack ? null : known.round,
    table,
    missingSince: null,
    received: engine.received,
    overruns: known.overruns ?? engine.overruns,
    receivedAt: heard ? now : known.receivedAt,
  };
  return state.duty === "active" ? filled(state, look) : received(state, look);
}

/** conntrackd was started again. Whoever is in doubt already gets no more time for it. */
const another = (before: SyncState, instance: number, now: number): SyncState => ({
  ...initialSync(now),
  instance,
  doubtSince: before.doubtSince ?? now,
  pendingSince: before.pendingSince,
});

/** conntrackd reads the kernel's table at its leisure: published is what two looks found alike. */
function filled(state: SyncState, { engine, now, time }: SyncLook): SyncState {
  const { filling, dutyAt } = state;
  if (engine === null || filling === null || now - dutyAt < syncTimes.filling) return state;
  if (engine.cached > filling * 1.05 + 50) return { ...state, filling: engine.cached };
  return { ...state, filling: null, epoch: time };
}

function received(state: SyncState, look: SyncLook): SyncState {
  const { engine, now, active, role, table } = look;
  const round = engine && state.round && grownRound(state.round, engine.injected, now);
  const after = { ...state, round, complete: isSilent(state, now) ? null : state.complete };
  if (role !== "standby" || active === null) return { ...after, pendingSince: null };
  const key = keyOf(active);
  const least = enough(active.word?.entries ?? 0);
  if (round !== null && round.key === key && round.got >= least && table >= least)
    return completed(after, round);
  const isShort = table < least && now - state.dutyAt >= syncTimes.short;
  if (after.complete !== null && after.complete.key === key && !isShort)
    return { ...after, pendingSince: null };
  return { ...after, pendingSince: state.pendingSince ?? now };
}

/** Nothing has arrived from the peers' conntrackd for so long that what they sent meanwhile may be lost. */
export const isSilent = ({ receivedAt }: SyncState, now: number): boolean =>
  now - receivedAt >= syncTimes.silence;

const completed = (state: SyncState, { key, got }: Round): SyncState => ({
  ...state,
  round: null,
  complete: { key, entries: got },
  pendingSince: null,
  doubtSince: null,
});

/** What conntrackd has to do next; null while there is nothing to do, or nobody to do it. */
export function dueAction(state: SyncState, look: SyncLook): SyncAction | null {
  const { engine, now, role, active } = look;
  if (engine === null || now < state.retryAt) return null;
  const lasts = now - state.dutyAt;
  if (role === "active") {
    const lost = (engine.overruns ?? 0) > (state.overruns ?? 0) && lasts >= syncTimes.afterOverrun;
    return state.duty !== "active" || lost || lasts >= syncTimes.publishAgain ? "publish" : null;
  }
  if (role === "unknown") return null;
  // After a loss of news conntrackd may have filled its cache of its own accord.
  const isFull = engine.cached > ownEntries && lasts >= syncTimes.withdrawAgain;
  if (state.duty !== "standby" || isFull) return "withdraw";
  const key = active && keyOf(active);
  if (key === null || state.pendingSince === null) return null;
  return state.round?.key !== key || isStalled(state.round, now) ? "ask" : null;
}

/** The state after an action, which succeeded unless it says otherwise. */
export function acted(
  state: SyncState,
  action: SyncAction,
  look: SyncLook,
  failure: string | null,
): SyncState {
  const { now, engine, active } = look;
  if (failure !== null) {
    const since = state.failure?.since ?? now;
    return { ...state, failure: { why: failure, since }, retryAt: now + syncTimes.retry };
  }
  const done = { ...state, failure: null };
  if (action === "publish") {
    const cleared = { round: null, complete: null, pendingSince: null, doubtSince: null };
    return {
      ...done,
      ...cleared,
      duty: "active",
      dutyAt: now,
      filling: engine?.cached ?? 0,
      overruns: engine?.overruns ?? null,
    };
  }
  if (action === "withdraw")
    return received({ ...done, duty: "standby", dutyAt: now, filling: null, epoch: null }, look);
  const key = active && keyOf(active);
  if (key === null || engine === null) return done;
  return received({ ...done, round: begunRound(state.round, key, engine.injected, now) }, look);
}
