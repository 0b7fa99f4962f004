/** The part of time that is looked at; milliseconds since the epoch. */
export interface Window {
  readonly from: number;
  readonly until: number;
  /** It ends now, and goes on. */
  readonly follows: boolean;
}

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];

/** What one looks at by a button. */
export const lengths = [
  { name: "5 min", length: 5 * minute },
  { name: "1 h", length: hour },
  { name: "24 h", length: day },
  { name: "7 d", length: 7 * day },
] as const;

/** Milliseconds: closer there is nothing to tell apart, and farther no log goes back. */
const [shortest, longest] = [10 * second, 90 * day];

export const lastOf = (length: number, now: number): Window => ({
  from: now - length,
  until: now,
  follows: true,
});

/** The same length, up to now, where it follows. */
export const advanced = (window: Window, now: number): Window =>
  window.follows ? lastOf(window.until - window.from, now) : window;

/**
 * Closer (`factor` below 1) or farther. What stands at `place`, a share of the window from 0 to 1, stays there; one that
 * follows goes on ending now.
 */
export function zoomed(window: Window, factor: number, place: number, now: number): Window {
  const length = window.until - window.from;
  const wanted = Math.min(longest, Math.max(shortest, length * factor));
  if (window.follows) return lastOf(wanted, now);
  const from = window.from + (length - wanted) * place;
  return settled({ from, until: from + wanted, follows: false }, now);
}

/** Moved by a share of its length; to the right it reaches now at most, and follows from there. */
export function panned(window: Window, share: number, now: number): Window {
  const by = (window.until - window.from) * share;
  return settled({ from: window.from + by, until: window.until + by, follows: false }, now);
}

const settled = (window: Window, now: number): Window =>
  window.until >= now ? lastOf(window.until - window.from, now) : window;

/** Distances between marks of the time axis that people can add up. */
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 28].map((count) => count * day),
];

/** Round moments within the window, at most `most` of them, by the clock of the place where one is. */
export function ticks({ from, until }: Window, most: number): number[] {
  const step = steps.find((each) => (until - from) / each <= most) ?? steps.at(-1) ?? day;
  const offset = new Date(from).getTimezoneOffset() * minute;
  const first = Math.ceil((from - offset) / step) * step + offset;
  return Array.from(
    { length: Math.max(0, Math.floor((until - first) / step) + 1) },
    (_, index) => first + index * step,
  );
}

/** Where a moment stands in the window, from 0 to 1; outside of it beyond these. */
export const placeOf = ({ from, until }: Window, at: number): number => (at - from) / (until - from);
