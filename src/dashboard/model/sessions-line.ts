import type { Sample } from "./state.js";

/** A service's sessions over time, as a line of SVG in a box of `width` by `height`. */
export interface SessionsLine {
  /** `d` of a path; empty where nothing is known. */
  readonly path: string;
  /** The greatest number in the time that is shown. */
  readonly most: number;
  readonly now: number;
}

export const [width, height] = [600, 40] as const;

/** Milliseconds that are shown, and after which what is missing is seen as missing. */
export const shown = 15 * 60_000;
const gap = 5_000;

/** The line of one service; each pixel has the greatest number of its time, so that no peak is lost. */
export function sessionsLine(samples: readonly Sample[], service: string, now: number): SessionsLine {
  const known = samples
    .filter(({ at }) => at > now - shown && at <= now)
    .flatMap(({ at, sessions: { [service]: count } }) => (count === undefined ? [] : [{ at, count }]));
  const most = known.reduce((greatest, { count }) => Math.max(greatest, count), 0);
  const y = (count: number) => Math.round((height - 1) * 10 * (1 - count / Math.max(1, most))) / 10 + 0.5;
  let path = "";
  let [lastAt, lastX, lastCount] = [Number.NEGATIVE_INFINITY, -1, 0];
  for (const { at, count } of known) {
    const x = Math.round((1 - (now - at) / shown) * width);
    const isHidden = x === lastX && count <= lastCount;
    if (!isHidden) {
      path += `${at - lastAt > gap ? "M" : "L"}${x} ${y(count)}`;
      [lastX, lastCount] = [x, count];
    }
    lastAt = at;
  }
  return { path, most, now: known.at(-1)?.count ?? 0 };
}
