import type { Event } from "../api/event.js";
import type { Meaning } from "./meaning.js";
import { isAtLeast, type Notice, type Weight } from "./notice.js";

/** Where the events happen. */
export interface Place {
  readonly cluster: string;
  readonly node: string;
}

/** Events that belong to one cause, as far as can be told: they came together. */
export interface Incident {
  readonly key: string;
  readonly place: Place;
  readonly drill: string | null;
  readonly told: readonly Told[];
  /** What is still wrong. */
  readonly open: readonly string[];
}

/** An event of an incident, and what it means. */
interface Told extends Pick<Meaning, "weight" | "teller"> {
  readonly event: Event;
}

/** Events of one incident that are kept: what keeps happening is not a longer message. */
const most = 20;

export const begun = (place: Place, event: Event, meaning: Meaning, drill: string | null): Incident =>
  joined(
    {
      key: `${place.cluster}/${place.node}/${event.sequence}`,
      ...{ place, drill, told: [], open: [] },
    },
    event,
    meaning,
  );

/** The same, with another event that came of the cause. */
export const joined = (incident: Incident, event: Event, { weight, teller, opens }: Meaning): Incident => ({
  ...incident,
  told: capped([...incident.told, { event, weight, teller }]),
  open: [...new Set([...incident.open, ...opens])],
});

/** One incident of two that turned out to be of one cause. */
export const merged = (incident: Incident, earlier: Incident): Incident => ({
  ...incident,
  told: capped([...earlier.told, ...incident.told]),
  open: [...new Set([...earlier.open, ...incident.open])],
});

/** Where there are too many, the last of those that matter least goes. */
function capped(told: readonly Told[]): readonly Told[] {
  if (told.length <= most) return told;
  return capped(withoutLeast(told));
}

function withoutLeast(told: readonly Told[]): readonly Told[] {
  const least = told.reduce<Weight>(
    (known, { weight }) => (isAtLeast(known, weight) ? weight : known),
    "critical",
  );
  return told.toSpliced(
    told.findLastIndex(({ weight }) => weight === least),
    1,
  );
}

export const without = (incident: Incident, closes: readonly string[]): Incident => ({
  ...incident,
  open: incident.open.filter((name) => !closes.includes(name)),
});

/** Told once its events have come together: of something that lasts, or that is over already. */
export function firstNotice(incident: Incident): Notice {
  const [head, ...more] = ordered(incident);
  return {
    ...common(incident),
    phase: incident.open.length > 0 ? "begun" : "told",
    lasted: null,
    text: head,
    also: [...new Set(more)],
  };
}

/** @param ended the event with which nothing was wrong any more */
export function lastNotice(incident: Incident, ended: Event): Notice {
  const lasted = Math.max(0, Date.parse(ended.at) - Date.parse(startOf(incident)));
  const [head] = ordered(incident);
  return {
    ...common(incident),
    phase: "over",
    lasted,
    text: `over after ${span(lasted)}: ${head}`,
    also: [ended.text],
  };
}

const common = (incident: Incident) => ({
  ...incident.place,
  key: incident.key,
  weight: weightOf(incident),
  at: startOf(incident),
  drill: incident.drill,
  events: incident.told.map(({ event: { sequence, at, kind, text } }) => ({ sequence, at, kind, text })),
});

const weightOf = ({ told }: Incident): Weight =>
  told.reduce<Weight>((most, { weight }) => (isAtLeast(weight, most) ? weight : most), "info");

/** Events are told when they are understood, and so not in the order in which they happened. */
const startOf = ({ told }: Incident): string => told.map(({ event }) => event.at).sort()[0] ?? "";

/** The sentences of what matters most first, and of what happened first among equals. */
function ordered({ told }: Incident): [string, ...string[]] {
  const [head, ...more] = told.toSorted((a, b) =>
    a.weight === b.weight ? a.event.at.localeCompare(b.event.at) : isAtLeast(a.weight, b.weight) ? -1 : 1,
  );
  return [head?.event.text ?? "", ...more.map(({ event }) => event.text)];
}

/** `41.2 s`, `12 min`, `3.5 h`. */
function span(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  const minutes = seconds / 60;
  return minutes < 100 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
}
