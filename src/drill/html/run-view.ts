import type { Cluster } from "../../topology/cluster.js";
import { type AnyResult, type DrillResult, isLive, isOfVpn, unmeasuredIn } from "../report.js";
import type { DrawnRun } from "./drawn-runs.js";
import { drawnSpan } from "./drawn-span.js";
import { type ExpectationRow, expectationRows } from "./expectation-rows.js";
import { marksOf } from "./marks-of.js";
import { type Markup, nothing } from "./markup.js";
import { timelinePicture } from "./timeline-picture.js";
import { type EventRow, eventRows, numbered, restOf } from "./told-events.js";
import { small } from "./topology-measures.js";
import { topologyPicture } from "./topology-picture.js";
import { after, moment, ms } from "./words.js";

/** One run in full. */
export interface RunView {
  readonly repeated: boolean;
  readonly number: number;
  readonly because: string;
  readonly injected: string;
  readonly at: string;
  readonly pass: boolean;
  readonly rows: readonly ExpectationRow[];
  readonly failed: boolean;
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
  readonly drawn: boolean;
  readonly picture: Markup;
  readonly timeline: Markup;
  readonly caption: string;
  readonly told: boolean;
  readonly events: readonly EventRow[];
}

export function runView(cluster: Cluster, { result, number, because }: DrawnRun): RunView {
  const { injected, at, verdict } = result;
  const drawn = isDrawn(result);
  const events = isOfVpn(result) ? [] : numbered(isLive(result) ? result.events : result.timeline.events);
  return {
    ...{ repeated: because !== "", number, because, injected, at: moment(at, true), pass: verdict.pass },
    ...{ rows: expectationRows(result), failed: !verdict.pass, reasons: verdict.reasons },
    notes: notesOf(result),
    drawn,
    picture: drawn ? topologyPicture(cluster, marksOf(result.timeline), small) : nothing,
    timeline: drawn ? timelinePicture(cluster, result, events) : nothing,
    caption: drawn ? captionOf(result) : "",
    told: events.length > 0,
    events: eventRows(events),
  };
}

/** Clocks of several machines, and of nodes far from whoever looks, have no common axis. */
const isDrawn = (result: AnyResult): result is DrillResult => !isOfVpn(result) && !isLive(result);

function captionOf(result: DrillResult): string {
  const { from, until } = drawnSpan(result);
  const { timeline, seen } = result;
  return [
    `Drawn from ${after(from)} to ${after(until)}; watched until ${after(timeline.until)}.`,
    ...(seen.noise >= 1 ? [`The machine of the lab stood still for up to ${ms(seen.noise)} meanwhile.`] : []),
    ...restOf(timeline.events),
  ].join(" ");
}

function notesOf(result: DrawnRun["result"]): string[] {
  if (isLive(result)) return unmeasuredIn([result]).map((sentence) => `${sentence}.`);
  if (isOfVpn(result)) {
    const { late, told } = result.seen;
    return [
      ...(late.length > 0 ? [`Right last of all: ${late.join("; ")}.`] : []),
      ...(told === null ? [] : [`Another server\u2019s agent said: ${told}`]),
    ];
  }
  const { messagesLost, messagesDuplicated, longestSilence, held } = result.seen.sessions;
  if (held === 0) return [];
  return [
    `In ${held} sessions, ${messagesLost} numbered messages had no answer and ${messagesDuplicated} had two; the longest wait for one was ${ms(longestSilence)}.`,
  ];
}
