import type { Cluster } from "../../topology/cluster.js";
import type { Markup } from "./markup.js";
import { colourOf } from "./node-colours.js";
import { cross, fitting, ink, rect, text } from "./svg.js";
import type { Measures } from "./topology-measures.js";

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Mark {
  readonly struck: boolean;
  /** Has a colour of its own all over the paper. */
  readonly node: boolean;
}

/** A machine: its name, a word below it, and a cross where it is struck. */
export function machineBox(
  cluster: Pick<Cluster, "nodes">,
  { name, detail }: { readonly name: string; readonly detail: string },
  { x, y, width, height }: Place,
  { struck, node }: Mark,
  { small }: Measures,
): Markup[] {
  const size = small ? 12 : 13;
  const under = small ? 10 : 11;
  const middle = { "text-anchor": "middle" };
  const centre = x + width / 2 + (node ? 2.5 : 0);
  const nameAt = y + height / 2 + size * 0.36 - (detail === "" ? 0 : under * 0.6);
  const frame = struck
    ? { fill: ink.struckFill, stroke: ink.struck, "stroke-width": 2.2 }
    : { fill: "#fff", stroke: node ? "#4a545d" : "#8a949d", "stroke-width": node ? 1.4 : 1.1 };
  return [
    rect(x, y, width, height, { rx: 4, ...frame }),
    ...(node ? [rect(x + 1, y + 1, small ? 4 : 6, height - 2, { fill: colourOf(cluster, name).fill })] : []),
    text(centre, nameAt, size, fitting(name, size, width - 12), {
      ...middle,
      "font-weight": node ? 650 : 500,
    }),
    ...(detail === ""
      ? []
      : [
          text(centre, nameAt + under + 3, under, fitting(detail, under, width - 8), {
            ...middle,
            fill: ink.muted,
          }),
        ]),
    ...(struck ? [cross(x + width - 2, y + 2, small ? 7 : 9)] : []),
  ];
}
