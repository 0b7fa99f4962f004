import type { Interval, Lane } from "../timeline.js";
import type { Drawable } from "./drawable.js";
import { longest, mendedAt, tells } from "./drawn-span.js";
import { allowed, besides, blocks, ground, type LaneDrawing } from "./lane.js";
import { within } from "./scale.js";
import { ink } from "./svg.js";

type Drilled = Pick<Drawable, "timeline" | "seen" | "expected">;

/** Virtual IPs and services: dark where silent, pale where that was no longer than without a fault. */
export const probeLanes = ({ timeline, seen, expected }: Drilled): LaneDrawing[] =>
  timeline.lanes.flatMap((lane) => {
    const most = longest(lane, mendedAt(timeline));
    const told = most !== null && tells(lane, seen.noise)(most) ? most : null;
    const { noise, serviceOutage } = seen;
    if (lane.kind === "address") {
      const outage = seen.addresses.find(({ address }) => address === lane.name)?.outage ?? null;
      return [
        probeLane(lane, "virtual IP", { noise, told, outage, limit: expected?.addressOutageAtMost ?? null }),
      ];
    }
    if (lane.kind !== "service") return [];
    const limit = expected?.serviceOutageAtMost ?? null;
    return [probeLane(lane, "new sessions", { noise, told, outage: serviceOutage, limit })];
  });

const top = 10;
const height = 15;

interface Judged {
  readonly noise: number;
  /** The longest silence, as far as the fault can have to do with it. */
  readonly told: Interval | null;
  /** As it was measured; the lane's own is rounded, and begins with the last answer. */
  readonly outage: number | null;
  readonly limit: number | null;
}

const probeLane = (lane: Lane, under: string, { noise, told: most, outage, limit }: Judged): LaneDrawing => ({
  ...{ label: lane.name, under, height: 31 },
  draw: (y, scale) => {
    const seen = within(lane.silent, scale.span);
    const isSign = tells(lane, noise);
    const place = { y: y + top, height, least: 0.8 };
    const drawn = { left: scale.x(most?.from ?? 0), right: scale.x(most?.until ?? 0) };
    return [
      ground(y + top, height, scale, ink.served),
      ...blocks(
        seen.filter((each) => !isSign(each)),
        scale,
        place,
        ink.late,
        "late",
      ),
      ...blocks(seen.filter(isSign), scale, place, ink.struck, "silent"),
      ...(limit === null ? [] : allowed(Math.max(0, most?.from ?? 0), limit, y, top + height, scale)),
      ...(most === null
        ? []
        : [
            besides(
              drawn,
              y + top + 11.5,
              11,
              `${Math.round(outage ?? most.until - most.from)} ms`,
              scale.right,
              {
                on: "#fff",
                off: ink.text,
              },
            ),
          ]),
    ];
  },
});

/** A server answered by its own address, past the virtual IP. */
export const strangerLanes = ({ timeline }: Pick<Drilled, "timeline">): LaneDrawing[] =>
  timeline.lanes
    .filter(({ kind, silent }) => kind === "stranger" && silent.length > 0)
    .map(({ name, silent }) => ({
      ...{ label: name, under: "answered by its own address", height: 30 },
      draw: (y, scale) => [
        ground(y + 8, 13, scale, ink.faint),
        ...blocks(
          within(silent, scale.span),
          scale,
          { y: y + 8, height: 13, least: 2 },
          ink.struck,
          "stranger",
        ),
      ],
    }));

/** The machine that carries the lab stood still for all of its probes. */
export const pauseLanes = ({ timeline }: Pick<Drilled, "timeline">): LaneDrawing[] =>
  timeline.lanes
    .filter(({ kind }) => kind === "pause")
    .map(({ name, silent }) => ({
      ...{ label: name, under: "stood still itself", height: 26 },
      draw: (y, scale) => [
        ground(y + 8, 11, scale, ink.faint),
        ...blocks(
          within(silent, scale.span),
          scale,
          { y: y + 8, height: 11, least: 0.8 },
          "#7a848d",
          "pause",
        ),
      ],
    }));
