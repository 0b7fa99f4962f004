import type { Cluster } from "../../topology/cluster.js";
import type { Interval } from "../timeline.js";
import { faultLanes, ownerLanes } from "./cluster-lanes.js";
import type { Drawable } from "./drawable.js";
import { drawnSpan } from "./drawn-span.js";
import { eventLanes, type Numbered } from "./event-lanes.js";
import { type LaneDrawing, labelRoom, labels } from "./lane.js";
import type { Markup } from "./markup.js";
import { pauseLanes, probeLanes, strangerLanes } from "./probe-lanes.js";
import { type Scale, scaleOf, ticks } from "./scale.js";
import { sessionLanes } from "./session-lanes.js";
import { ink, line, picture, text } from "./svg.js";

/** Few enough that its words can be read on A4, where it is as wide as the page. */
const width = 900;

/** All that was seen, below each other on one axis of time. */
export function timelinePicture(
  cluster: Cluster,
  result: Drawable,
  events: readonly Numbered[],
  span: Interval = drawnSpan(result),
): Markup {
  const scale = scaleOf(span, labelRoom, width - 4);
  const groups = [
    [...faultLanes(result), ...ownerLanes(cluster, result)],
    [...probeLanes(result), ...sessionLanes(result), ...strangerLanes(result)],
    [...eventLanes(cluster, events), ...pauseLanes(result)],
  ];
  let y = 6;
  const rows: Markup[] = [];
  const rules: Markup[] = [];
  for (const lanes of groups.filter(({ length }) => length > 0)) {
    if (y > 6) rules.push(line(0, y, width - 4, y, { stroke: ink.line, "stroke-width": 0.8 }));
    y += 2;
    for (const lane of lanes) {
      rows.push(...drawn(lane, y, scale));
      y += lane.height;
    }
    y += 3;
  }
  return picture(
    "timeline",
    `Timeline of ${result.drill}`,
    { width, height: y + 34 },
    ...rules,
    ...axis(scale, y),
    ...rows,
    line(scale.x(0), 0, scale.x(0), y, { stroke: ink.struck, "stroke-width": 1.3, class: "moment" }),
  );
}

const drawn = (lane: LaneDrawing, y: number, scale: Scale): Markup[] => [
  ...labels(lane, y),
  ...lane.draw(y, scale),
];

const axis = (scale: Scale, y: number): Markup[] => [
  ...ticks(scale.span, 9).flatMap((at) => [
    line(scale.x(at), 6, scale.x(at), y + 4, { stroke: ink.line, "stroke-width": 0.7, class: "tick" }),
    text(scale.x(at), y + 16, 10.5, String(at).replace("-", "\u2212"), {
      "text-anchor": "middle",
      fill: ink.muted,
    }),
  ]),
  line(scale.left, y, scale.right, y, { stroke: "#8a949d", "stroke-width": 1 }),
  text(scale.left, y + 31, 10.5, "milliseconds after the fault", { fill: ink.muted }),
];
