import type { Cluster } from "../../topology/cluster.js";
import type { FaultSpan } from "../timeline.js";
import type { Drawable } from "./drawable.js";
import { besides, ground, type LaneDrawing } from "./lane.js";
import { colourOf } from "./node-colours.js";
import { within } from "./scale.js";
import { fitting, ink, rect, text, widthOf } from "./svg.js";

type Drilled = Pick<Drawable, "timeline">;

/** What was done, until it was undone. */
export const faultLanes = ({ timeline }: Drilled): LaneDrawing[] =>
  timeline.faults.map((fault) => ({
    ...{ label: nameOf(fault), under: "", height: 30 },
    draw: (y, scale) => {
      const [left, right] = [scale.x(fault.from), scale.x(fault.until)];
      const later = fault.until > scale.span.until;
      const end = `until ${Math.round(fault.until)} ms${later ? " \u25b8" : ""}`;
      const fill = isMove(fault) ? "#59636c" : ink.struck;
      const room = right - left - (later ? 120 : 12);
      return [
        rect(left, y + 5, right - left, 18, { fill, class: "fault" }),
        ...(room > 60
          ? [
              text(left + 7, y + 18, 11.5, fitting(fault.text, 11.5, room), {
                fill: "#fff",
                "font-weight": 650,
              }),
            ]
          : [besides({ left, right }, y + 18, 11.5, fault.text, scale.right, { on: "#fff", off: ink.text })]),
        ...(later ? [text(right - 6, y + 18, 10.5, end, { fill: "#fff", "text-anchor": "end" })] : []),
      ];
    },
  }));

/** What is done to no machine is a planned move, or a fault of what lies between. */
const isMove = ({ machine, text: words }: FaultSpan): boolean => machine === null && words.includes(" -> ");

const nameOf = (fault: FaultSpan): string => (isMove(fault) ? "planned move" : "fault");

/** Who announced itself as owner of each network, from the first to the last word of it that was heard; framed where two did. */
export function ownerLanes(cluster: Cluster, { timeline }: Drilled): LaneDrawing[] {
  const networks = [...new Set(timeline.owners.map(({ network }) => network))];
  return networks.map((network) => ({
    ...{ label: network, under: "owner heard", height: 31 },
    draw: (y, scale) => [
      ground(y + 7, 17, scale, ink.faint),
      ...timeline.owners
        .filter((span) => span.network === network)
        .flatMap(({ node, from, until }) => {
          if (within([{ from, until }], scale.span).length === 0) return [];
          const [left, right] = [scale.x(from), scale.x(until)];
          const { fill, text: on } = colourOf(cluster, node);
          return [
            rect(left, y + 7, Math.max(1, right - left), 17, { fill, class: "owner" }),
            // Its colour names it where there is no room for words.
            ...(right - left < widthOf(node, 11) + 8
              ? []
              : [
                  text((left + right) / 2, y + 19.5, 11, node, {
                    fill: on,
                    "font-weight": 650,
                    "text-anchor": "middle",
                  }),
                ]),
          ];
        }),
      ...within(
        timeline.contests.filter((each) => each.network === network),
        scale.span,
      ).map(({ from, until }) =>
        rect(scale.x(from), y + 4, Math.max(1.5, scale.x(until) - scale.x(from)), 23, {
          ...{ fill: "none", stroke: ink.struck, "stroke-width": 2.5, class: "contest" },
        }),
      ),
    ],
  }));
}
