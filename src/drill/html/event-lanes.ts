import type { Cluster } from "../../topology/cluster.js";
import type { Told } from "../timeline.js";
import type { LaneDrawing } from "./lane.js";
import { ground } from "./lane.js";
import { element } from "./markup.js";
import { colourOf } from "./node-colours.js";
import { ink, line, text } from "./svg.js";

/** What an agent told, with its number in the list below the timeline. */
export interface Numbered extends Told {
  readonly number: number;
}

const radius = 7.5;

/** Marks keep so far from each other, and are led back to their moment by a line. */
const pitch = radius * 2 + 2;

/** A lane for each machine whose agent said something. */
export const eventLanes = (cluster: Cluster, events: readonly Numbered[]): LaneDrawing[] =>
  [...new Set(events.map(({ node }) => node))].toSorted().map((node) => ({
    ...{ label: node, under: "its agent says", height: 34 },
    draw: (y, scale) => {
      const { from, until } = scale.span;
      const seen = events.filter((each) => each.node === node && each.at >= from && each.at <= until);
      const { fill, text: on } = colourOf(cluster, node);
      let last = Number.NEGATIVE_INFINITY;
      const marks = seen.flatMap(({ at, number }) => {
        const own = scale.x(at);
        const x = Math.max(own, last + pitch);
        if (x > scale.right) return [];
        last = x;
        return [
          line(own, y + 30, x, y + 12, { stroke: "#8a949d", "stroke-width": 0.9 }),
          line(own, y + 27, own, y + 31, { stroke: ink.text, "stroke-width": 1.4 }),
          element("circle", { class: "event", cx: x, cy: y + 11, r: radius, fill }),
          text(x, y + 14.6, 10, String(number), { "text-anchor": "middle", "font-weight": 650, fill: on }),
        ];
      });
      return [ground(y + 28.5, 1, scale, ink.line), ...marks];
    },
  }));
