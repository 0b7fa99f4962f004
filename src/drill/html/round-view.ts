import type { Cluster } from "../../topology/cluster.js";
import type { RandomResult } from "../random/random-result.js";
import type { Drawable } from "./drawable.js";
import { drawnRound } from "./drawn-span.js";
import { marksOf } from "./marks-of.js";
import type { Markup } from "./markup.js";
import { timelinePicture } from "./timeline-picture.js";
import { type EventRow, eventRows, numbered, restOf } from "./told-events.js";
import { small } from "./topology-measures.js";
import { topologyPicture } from "./topology-picture.js";
import { after, moment, ms } from "./words.js";

/** One round of random faults, with its pictures. */
export interface RoundView {
  readonly number: number;
  readonly anchor: string;
  readonly at: string;
  /** Every fault, in the order in which they came. */
  readonly struck: string;
  readonly pass: boolean;
  readonly reasons: readonly string[];
  readonly picture: Markup;
  readonly timeline: Markup;
  readonly caption: string;
  readonly events: readonly EventRow[];
}

export function roundView(cluster: Cluster, round: RandomResult, index: number): RoundView {
  const { at, timeline, verdict } = round;
  const drawable = drawableOf(round);
  const events = numbered(timeline.events);
  return {
    ...{ number: index + 1, anchor: `round-${index + 1}`, at: moment(at), ...verdict },
    struck: timeline.faults.map(({ text }) => text).join("; "),
    picture: topologyPicture(cluster, marksOf(timeline), small),
    timeline: timelinePicture(cluster, drawable, events, drawnRound(drawable)),
    caption: captionOf(drawable),
    events: eventRows(events),
  };
}

/** What was allowed is another time for every silence: it follows from the faults that were there. */
function drawableOf({ drill, timeline }: RandomResult): Drawable {
  const pauses = timeline.lanes.filter(({ kind }) => kind === "pause").flatMap(({ silent }) => silent);
  const noise = Math.max(0, ...pauses.map(({ from, until }) => until - from));
  return { drill, timeline, seen: { noise, addresses: [], serviceOutage: null }, expected: null };
}

function captionOf(drawable: Drawable): string {
  const { timeline, seen } = drawable;
  const { from, until } = drawnRound(drawable);
  return [
    `Drawn from ${after(from)} to ${after(until)}; watched until ${after(timeline.until)}.`,
    ...(seen.noise >= 1 ? [`The machine of the lab stood still for up to ${ms(seen.noise)} meanwhile.`] : []),
    ...restOf(timeline.events),
  ].join(" ");
}
