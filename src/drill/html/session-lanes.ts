import type { Interval, Lane } from "../timeline.js";
import type { Drawable } from "./drawable.js";
import { allowed, blocks, ground, type LaneDrawing } from "./lane.js";
import { within } from "./scale.js";
import { ink } from "./svg.js";

/** Rows of one machine; of more sessions those that were apart for longest are drawn. */
const mostRows = 12;
const row = 5;
const pitch = 6.5;
const top = 10;

/** A lane for each machine that holds sessions, a thin row in it for each of them. */
export function sessionLanes({ timeline, expected }: Pick<Drawable, "timeline" | "expected">): LaneDrawing[] {
  const groups = new Map<string, Lane[]>();
  for (const lane of timeline.lanes.filter(({ kind }) => kind === "session"))
    groups.set(holderOf(lane), [...(groups.get(holderOf(lane)) ?? []), lane]);
  return [...groups].map(([holder, lanes]) => {
    const drawn = lanes.toSorted((one, other) => apartFor(other) - apartFor(one)).slice(0, mostRows);
    const shown = lanes.filter((lane) => drawn.includes(lane));
    const count = lanes.length === 1 ? "1 session" : `${lanes.length} sessions`;
    return {
      ...{ label: holder, under: shown.length < lanes.length ? `${shown.length} of ${count}` : count },
      height: Math.max(30, top + shown.length * pitch + 6),
      draw: (y, scale) => [
        ...shown.flatMap(({ silent }, index) => {
          const at = y + top + index * pitch;
          const place = { y: at, height: row, least: 0.8 };
          return [
            ground(at, row, scale, ink.served),
            ...blocks(within(silent, scale.span), scale, place, ink.struck, "apart"),
          ];
        }),
        ...(expected !== null && shown.some(({ silent }) => silent.length > 0)
          ? allowed(0, expected.sessionsBackWithin, y, top + shown.length * pitch, scale)
          : []),
      ],
    };
  });
}

/** `switch-1 4` is the fourth session of switch-1. */
const holderOf = ({ name }: Lane): string => name.replace(/ \d+$/, "");

const apartFor = ({ silent }: Lane): number =>
  silent.reduce((sum: number, { from, until }: Interval) => sum + until - Math.max(0, from), 0);
