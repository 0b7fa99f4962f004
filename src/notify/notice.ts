import type { Event } from "../api/event.js";

/** How much something matters, least first. */
export const weights = ["info", "warning", "critical"] as const;
export type Weight = (typeof weights)[number];

/** Whether `weight` is at least as much as `least`. */
export const isAtLeast = (weight: Weight, least: Weight): boolean =>
  weights.indexOf(weight) >= weights.indexOf(least);

/** What people are told of a cause, once; and once more when it is over. */
export interface Notice {
  /** The same at the beginning and at the end: receivers that pair alarms pair them by it. */
  readonly key: string;
  /** `told` is of something that happened and does not last. */
  readonly phase: "begun" | "over" | "told";
  readonly weight: Weight;
  readonly cluster: string;
  /** Who tells it. */
  readonly node: string;
  /** When it began (ISO 8601, UTC). */
  readonly at: string;
  /** Milliseconds from the beginning to the end; null before that. */
  readonly lasted: number | null;
  /** One sentence. */
  readonly text: string;
  /** What else came of the same cause, or had to end with it: sentences. */
  readonly also: readonly string[];
  /** The drill that was run meanwhile; null where none was. */
  readonly drill: string | null;
  /** The events that it was made of, in the log of `node`. */
  readonly events: readonly Pick<Event, "sequence" | "at" | "kind" | "text">[];
}
