import type { Views } from "./views.js";

/** Milliseconds for which an answer also serves whoever asks next. */
const age = 500;

/** The same views, looked at once for all who ask at about the same time: what a node observes costs it processes. */
export const sharedViews = (views: Views): Views => ({
  readiness: () => views.readiness(),
  state: () => views.state(),
  drift: () => views.drift(),
  metrics: shared(() => views.metrics()),
  node: shared(() => views.node()),
  status: shared(() => views.status()),
});

/** One look at a time. Its answer is given again until `age` after it began; a failure only to those who waited for it. */
function shared<T>(look: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; usable: (now: number) => boolean } | null = null;
  return () => {
    const now = performance.now();
    if (last?.usable(now)) return last.answer;
    const mine = { answer: look(), usable: (_: number) => true };
    const usableUntil = (end: number) => {
      mine.usable = (at) => at < end;
    };
    mine.answer.then(
      () => usableUntil(now + age),
      () => usableUntil(0),
    );
    last = mine;
    return mine.answer;
  };
}
