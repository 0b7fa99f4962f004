import { setTimeout as sleep } from "node:timers/promises";
import type { Views } from "./views.js";

/** Milliseconds from the beginning of one look to that of the next. */
const pace = 250;

/** The same views, looked at once for all who ask at about the same time: what a node observes costs it processes. */
export const sharedViews = (views: Views): Views => ({
  readiness: () => views.readiness(),
  state: () => views.state(),
  drift: () => views.drift(),
  metrics: shared(() => views.metrics()),
  node: shared(() => views.node()),
  status: shared(() => views.status()),
});

/**
 * One look at a time, and not more often than the pace. Everybody waits for one that begins after he asked: with what was
 * seen before, a node that has just left and the one that took over would both look active.
 */
export function shared<T>(look: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | null = null;
  let under: Promise<unknown> = Promise.resolve();
  let earliest = Number.NEGATIVE_INFINITY;
  const begin = async (): Promise<T> => {
    await under;
    await sleep(Math.max(0, earliest - performance.now()));
    next = null;
    earliest = performance.now() + pace;
    const answer = look();
    under = answer.catch(() => undefined);
    return answer;
  };
  return () => {
    next ??= begin();
    return next;
  };
}
