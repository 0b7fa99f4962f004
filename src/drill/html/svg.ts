import { element, type Markup } from "./markup.js";

/** Colours that differ in greyscale as well: light beside dark. */
export const ink = {
  text: "#1a1f24",
  muted: "#5c6670",
  line: "#c9d0d6",
  faint: "#eef1f3",
  struck: "#b3261e",
  struckFill: "#fbe9e7",
  late: "#e2b4af",
  served: "#a9c4b4",
  limit: "#33383d",
} as const;

type Attributes = Readonly<Record<string, string | number>>;

export const rect = (x: number, y: number, width: number, height: number, more: Attributes): Markup =>
  element("rect", { x, y, width: Math.max(0, width), height, ...more });

export const line = (x1: number, y1: number, x2: number, y2: number, more: Attributes): Markup =>
  element("line", { x1, y1, x2, y2, ...more });

/** @param size of the font, in the picture's own units */
export const text = (x: number, y: number, size: number, words: string, more: Attributes = {}): Markup =>
  element("text", { x, y, "font-size": size, fill: ink.text, ...more }, words);

/** How wide a text comes out in a sans-serif font, roughly: rather more than less. */
export const widthOf = (words: string, size: number): number => words.length * size * 0.58;

/** As much of a text as has room. */
export function fitting(words: string, size: number, room: number): string {
  if (widthOf(words, size) <= room) return words;
  return `${words.slice(0, Math.max(0, Math.floor(room / (size * 0.58)) - 1))}\u2026`;
}

/** The mark on whatever is struck, which no colour is needed to see. */
export const cross = (x: number, y: number, radius: number): Markup => {
  const arm = radius * 0.45;
  const stroke = { stroke: "#fff", "stroke-width": radius * 0.28, "stroke-linecap": "round" };
  return element(
    "g",
    { class: "struck" },
    element("circle", { cx: x, cy: y, r: radius, fill: ink.struck, stroke: "#fff", "stroke-width": 1.5 }),
    line(x - arm, y - arm, x + arm, y + arm, stroke),
    line(x - arm, y + arm, x + arm, y - arm, stroke),
  );
};

/** A picture that grows and shrinks with the page. @param title what a screen reader says of it */
export const picture = (
  name: string,
  title: string,
  { width, height }: { readonly width: number; readonly height: number },
  ...content: Markup[]
): Markup =>
  element(
    "svg",
    {
      class: name,
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
      role: "img",
      "aria-label": title,
      style: `max-width: ${Math.ceil(width * 1.2)}px`,
    },
    ...content,
  );
