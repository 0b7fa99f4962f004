import type { Cluster } from "../../topology/cluster.js";
import { type DrillResult, isOfVpn } from "../report.js";
import type { Timeline } from "../timeline.js";
import type { DrawnRun } from "./drawn-runs.js";
import { drawnSpan } from "./drawn-span.js";
import type { Numbered } from "./event-lanes.js";
import { type ExpectationRow, expectationRows } from "./expectation-rows.js";
import { type Markup, nothing } from "./markup.js";
import { timelinePicture } from "./timeline-picture.js";
import { type Marks, small } from "./topology-measures.js";
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

export interface EventRow {
  readonly number: number;
  readonly at: string;
  readonly node: string;
  readonly kind: string;
  readonly text: string;
}

/** Further events are in report.json alone. */
const mostEvents = 60;

export function runView(cluster: Cluster, { result, number, because }: DrawnRun): RunView {
  const { injected, at, verdict } = result;
  const events = isOfVpn(result) ? [] : numbered(result.timeline);
  return {
    ...{ repeated: because !== "", number, because, injected, at: moment(at, true), pass: verdict.pass },
    ...{ rows: expectationRows(result), failed: !verdict.pass, reasons: verdict.reasons },
    notes: notesOf(result),
    drawn: !isOfVpn(result),
    picture: isOfVpn(result) ? nothing : topologyPicture(cluster, marksOf(result.timeline), small),
    timeline: isOfVpn(result) ? nothing : timelinePicture(cluster, result, events),
    caption: isOfVpn(result) ? "" : captionOf(result),
    told: events.length > 0,
    events: events.map((each) => ({ ...each, at: after(each.at) })),
  };
}

const numbered = ({ events }: Timeline): Numbered[] =>
  events.slice(0, mostEvents).map((each, index) => ({ ...each, number: index + 1 }));

/** Who is struck, and who owned the virtual IPs as it happened. */
function marksOf({ faults, owners }: Timeline): Marks {
  const [fault] = faults;
  const before = owners.filter(({ from }) => from <= 0).at(-1);
  return { machine: fault?.machine ?? null, network: fault?.network ?? null, active: before?.node ?? null };
}

function captionOf(result: DrillResult): string {
  const { from, until } = drawnSpan(result);
  const { timeline, seen } = result;
  const events = timeline.events.length;
  return [
    `Drawn from ${after(from)} to ${after(until)}; watched until ${after(timeline.until)}.`,
    ...(seen.noise >= 1 ? [`The machine of the lab stood still for up to ${ms(seen.noise)} meanwhile.`] : []),
    ...(events > mostEvents ? [`${events - mostEvents} more events are in report.json.`] : []),
  ].join(" ");
}

function notesOf(result: DrawnRun["result"]): string[] {
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
