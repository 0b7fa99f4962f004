import type { Lane, Mark, Span, Tone } from "./lanes.js";
import { placeOf, type Window } from "./window.js";

/** A bar in a lane's picture, which is `width` wide whatever the screen is. */
export interface Bar {
  readonly x: number;
  readonly width: number;
  readonly tone: Tone;
  readonly text: string;
  readonly keys: readonly string[];
  /** How many marks it stands for; 0 for a span. */
  readonly count: number;
}

export const width = 1_000;

/** Narrower is not seen, and marks that stand closer are one. */
const [narrowest, together] = [3, 10];

/** What of a lane stands in the window. Spans that are too short to be seen are as wide as can be seen. */
export function barsOf({ spans, marks }: Lane, window: Window, now: number): Bar[] {
  const seen = spans
    .filter(({ from, until }) => from < window.until && (until ?? now) > window.from)
    .map((span) => spanBar(span, window, now));
  return [
    ...seen,
    ...grouped(
      marks.filter(({ at }) => at >= window.from && at <= window.until),
      window,
    ),
  ];
}

function spanBar({ from, until, tone, text, keys }: Span, window: Window, now: number): Bar {
  const x = Math.max(0, placeOf(window, from)) * width;
  const end = Math.min(1, placeOf(window, until ?? now)) * width;
  return {
    x: Math.min(x, width - narrowest),
    width: Math.max(narrowest, end - x),
    tone,
    text,
    keys,
    count: 0,
  };
}

const worst: readonly Tone[] = ["plain", "owned", "good", "warning", "bad"];

/** Marks by time; neighbours that stand too close are one that says how many they are. */
function grouped(marks: readonly Mark[], window: Window): Bar[] {
  const groups: { first: number; marks: Mark[] }[] = [];
  for (const mark of marks.toSorted((one, other) => one.at - other.at)) {
    const x = placeOf(window, mark.at) * width;
    const last = groups.at(-1);
    if (last !== undefined && x - last.first < together) last.marks.push(mark);
    else groups.push({ first: x, marks: [mark] });
  }
  return groups.map(({ first, marks: all }) => ({
    x: Math.min(Math.max(0, first - narrowest), width - 2 * narrowest),
    width: 2 * narrowest,
    tone: all.reduce<Tone>(
      (most, { tone }) => (worst.indexOf(tone) > worst.indexOf(most) ? tone : most),
      "plain",
    ),
    text:
      all.length === 1
        ? (all[0]?.text ?? "")
        : `${all.length}: ${all.map(({ text }) => text).join("; ")}`.slice(0, 400),
    keys: all.flatMap(({ keys }) => keys),
    count: all.length,
  }));
}

/** The picture in words, for those who do not see it. */
export function laneWords({ name }: Lane, bars: readonly Bar[]): string {
  const spans = bars.filter(({ count }) => count === 0).length;
  const marks = bars.reduce((sum, { count }) => sum + count, 0);
  const parts = [
    ...(spans === 0 ? [] : [`${spans} ${spans === 1 ? "time" : "times"}`]),
    ...(marks === 0 ? [] : [`${marks} ${marks === 1 ? "event" : "events"}`]),
  ];
  return `${name}: ${parts.length === 0 ? "nothing" : parts.join(", ")}`;
}
