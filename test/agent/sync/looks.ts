import type { ActivePeer, EngineWord, SyncLook } from "../../../src/agent/sync/look.js";
import {
  acted,
  dueAction,
  looked,
  type SyncAction,
  type SyncState,
} from "../../../src/agent/sync/sync-state.js";

export const engine = (changes: Partial<EngineWord> = {}): EngineWord => ({
  instance: 7,
  cached: 0,
  injected: 0,
  received: 1,
  overruns: 0,
  ...changes,
});

/** A live active peer whose conntrackd has published so many entries. */
export const active = (entries: number, epoch: number | null = 1, instance = 5): ActivePeer => ({
  node: "lb-a",
  word: { instance, epoch, entries, pending: false },
});

/** A standby beside it; `received` grows with the time, as it does while the peers' conntrackd are heard. */
export const look = (now: number, changes: Partial<SyncLook> = {}): SyncLook => ({
  now,
  time: 1_700_000_000_000 + now,
  role: "standby",
  engine: engine({ received: 1 + Math.floor(now / 1_000) }),
  table: 0,
  active: active(1_000),
  isSpokenTo: true,
  isWaitedFor: false,
  ...changes,
});

/** Takes looks and does what is due, as the watch does it; each action succeeds unless it is among the refused. */
export function follow(
  state: SyncState,
  looks: readonly SyncLook[],
  refused: readonly SyncAction[] = [],
): { readonly state: SyncState; readonly actions: SyncAction[] } {
  const actions: SyncAction[] = [];
  let now = state;
  for (const one of looks) {
    now = looked(now, one);
    for (let action = dueAction(now, one); action !== null; action = dueAction(now, one)) {
      actions.push(action);
      now = acted(now, action, one, refused.includes(action) ? "conntrackd: no" : null);
    }
  }
  return { state: now, actions };
}
