import type { Node } from "../../topology/cluster.js";
import type { Place } from "./machine-box.js";
import { element, type Markup } from "./markup.js";
import { cross, ink, line, text } from "./svg.js";
import { isStruck, type Marks, type Measures, type Row } from "./topology-measures.js";

/** A node's links to its networks. They pass behind the bars between; where one is plugged in there is a dot. */
export function stems(
  { name, interfaces }: Node,
  { x, y, width, height }: Place,
  rows: readonly Row[],
  marks: Marks,
  { small }: Measures,
): Markup[] {
  const plugged = rows.filter(({ bar }) => interfaces.some(({ network }) => network === bar.network.name));
  const sides = [plugged.filter(({ bar }) => bar.above), plugged.filter(({ bar }) => !bar.above)];
  return sides.flatMap((side) =>
    side.flatMap((row, index) => {
      const at = x + ((index + 1) * width) / (side.length + 1);
      const from = row.bar.above ? y : y + height;
      const struck = isStruck(marks, name, row.bar.network.name);
      const address = interfaces.find(({ network }) => network === row.bar.network.name)?.addresses[0];
      const label = address?.family === 4 ? `.${address.address.split(".").at(-1)}` : "";
      const words = text(at + 6, row.bar.above ? row.y + 18 : row.y - 8, 10.5, label, { fill: ink.muted });
      const stroke = struck
        ? { stroke: ink.struck, "stroke-width": 2.4, "stroke-dasharray": "4 3" }
        : { stroke: "#6b757e", "stroke-width": 1.4 };
      return [
        line(at, from, at, row.y, stroke),
        element("circle", {
          cx: at,
          cy: row.y,
          r: small ? 2.6 : 3.4,
          fill: struck ? ink.struck : ink.text,
          class: "plug",
        }),
        ...(small || label === "" ? [] : [words]),
        ...(struck ? [cross(at, (from + row.y) / 2, small ? 7 : 9)] : []),
      ];
    }),
  );
}
