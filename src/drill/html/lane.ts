import type { Interval } from "../timeline.js";
import { element, type Markup } from "./markup.js";
import type { Scale } from "./scale.js";
import { fitting, ink, line, rect, text, widthOf } from "./svg.js";

/** One row of a timeline. */
export interface LaneDrawing {
  readonly label: string;
  /** What kind of thing that is, below it. */
  readonly under: string;
  readonly height: number;
  /** @param y of its upper edge */
  draw(y: number, scale: Scale): Markup[];
}

/** Left of the plot. */
export const labelRoom = 152;

/** A long name is smaller before it is cut. */
export function labels({ label, under, height }: LaneDrawing, y: number): Markup[] {
  const middle = y + height / 2;
  const room = labelRoom - 8;
  const size = [12, 11, 10].find((each) => widthOf(label, each) <= room) ?? 9;
  const at = under === "" ? middle + 4 : middle - 0.5;
  return [
    text(0, at, size, fitting(label, size, room), { "font-weight": 600 }),
    ...(under === "" ? [] : [text(0, middle + 11.5, 9.5, under, { fill: ink.muted })]),
  ];
}

/** Nearer to each other no eye tells two blocks apart, and a round of minutes may have thousands. */
const leastBetween = 0.5;

/** Many intervals as one shape: a probe may have missed hundreds. */
export function blocks(
  intervals: readonly Interval[],
  { x }: Scale,
  { y, height, least }: { readonly y: number; readonly height: number; readonly least: number },
  fill: string,
  name: string,
): Markup[] {
  if (intervals.length === 0) return [];
  const round = (value: number): number => Math.round(value * 10) / 10;
  const drawn: { left: number; right: number }[] = [];
  for (const { from, until } of intervals) {
    const left = x(from);
    const right = Math.max(left + least, x(until));
    const last = drawn.at(-1);
    if (last !== undefined && left >= last.left && left - last.right < leastBetween)
      last.right = Math.max(last.right, right);
    else drawn.push({ left, right });
  }
  const shapes = drawn.map(({ left, right }) => {
    const width = round(right - left);
    return `M${round(left)} ${round(y)}h${width}v${height}h${-width}z`;
  });
  return [element("path", { class: name, d: shapes.join(""), fill })];
}

/** A word on its block where there is room, else beside it: right of it, or left where the plot ends. */
export function besides(
  { left, right }: { readonly left: number; readonly right: number },
  y: number,
  size: number,
  words: string,
  edge: number,
  colour: { readonly on: string; readonly off: string },
): Markup {
  const room = widthOf(words, size) + 8;
  const bold = { "font-weight": 650 };
  if (right - left >= room)
    return text((left + right) / 2, y, size, words, { ...bold, "text-anchor": "middle", fill: colour.on });
  return right + room <= edge
    ? text(right + 4, y, size, words, { ...bold, fill: colour.off })
    : text(left - 4, y, size, words, { ...bold, "text-anchor": "end", fill: colour.off });
}

/** What is allowed, from when on and how long. Where its end is not in the plot, an arrow says so. */
export function allowed(from: number, limit: number, y: number, height: number, scale: Scale): Markup[] {
  const end = from + limit;
  const words = `allowed ${Math.round(limit)} ms`;
  const dashed = { stroke: ink.limit, "stroke-width": 1.2, "stroke-dasharray": "3 2", class: "limit" };
  if (end > scale.span.until)
    return [text(scale.right - 2, y + 8, 9.5, `${words} \u25b8`, { "text-anchor": "end", fill: ink.limit })];
  const at = scale.x(end);
  const fits = at + widthOf(words, 9.5) + 6 < scale.right;
  return [
    line(at, y, at, y + height, dashed),
    text(fits ? at + 4 : at - 4, y + 8, 9.5, words, {
      "text-anchor": fits ? "start" : "end",
      fill: ink.limit,
    }),
  ];
}

/** The plot's ground, on which a lane that is served throughout has nothing but this. */
export const ground = (y: number, height: number, { left, right }: Scale, fill: string): Markup =>
  rect(left, y, right - left, height, { fill });
