import type { Flow } from "../release/segment.js";

/** What has been done about one lost server. */
export interface Rounds {
  /** How many rounds went through the table. */
  readonly done: number;
  /** Not before then; null when nothing is left to do. */
  readonly next: number | null;
  /** Who was told in the last round and is told once more: a packet may be lost. */
  readonly told: readonly Flow[];
}

export const noRounds: Rounds = { done: 0, next: Number.NEGATIVE_INFINITY, told: [] };

/** Milliseconds from one round to the next. */
const again = 1_000;

/**
 * After a round: a second one follows, for sessions that were being opened during the first and for packets that were
 * lost, and another one as long as something is found.
 */
export const afterRound = (before: Rounds, found: number, told: readonly Flow[], now: number): Rounds => ({
  done: before.done + 1,
  next: before.done === 0 || found > 0 ? now + again : null,
  told,
});

/** What failed is tried again. */
export const afterFailure = (before: Rounds, now: number): Rounds => ({ ...before, next: now + again });
