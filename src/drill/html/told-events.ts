import type { Told } from "../timeline.js";
import type { Numbered } from "./event-lanes.js";
import { after } from "./words.js";

/** A line below a timeline. */
export interface EventRow {
  readonly number: number;
  readonly at: string;
  readonly node: string;
  readonly kind: string;
  readonly text: string;
}

/** Further events are in report.json alone. */
const mostEvents = 60;

/** Those that are shown, with the numbers that they have in the timeline. */
export const numbered = (events: readonly Told[]): Numbered[] =>
  events.slice(0, mostEvents).map((each, index) => ({ ...each, number: index + 1 }));

export const eventRows = (events: readonly Numbered[]): EventRow[] =>
  events.map(({ number, at, node, kind, text }) => ({ number, at: after(at), node, kind, text }));

/** Nothing where all of them are shown. */
export const restOf = (events: readonly Told[]): string[] =>
  events.length > mostEvents ? [`${events.length - mostEvents} more events are in report.json.`] : [];
