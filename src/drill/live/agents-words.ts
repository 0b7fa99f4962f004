import type { Event, RoleDetails } from "../../api/event.js";
import type { Told } from "../timeline.js";

/** Each node's last event, by the number that the node gave it: clocks of several machines do not compare. */
export type Marks = ReadonlyMap<string, number>;

export const marksOf = (logs: readonly (readonly Event[])[]): Marks =>
  new Map(logs.flatMap((log) => log.slice(-1).map(({ node, sequence }) => [node, sequence] as const)));

/** What agents told since; of one that did not answer then, nothing is known to be new. */
export const newSince = (marks: Marks, logs: readonly (readonly Event[])[]): Event[] =>
  logs
    .flat()
    .filter(({ node, sequence }) => sequence > (marks.get(node) ?? Number.POSITIVE_INFINITY))
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));

/** Nodes whose agent did not answer before or after: whatever it noticed, nobody heard of it. */
export const unheard = (
  nodes: readonly string[],
  marks: Marks,
  logs: readonly (readonly Event[])[],
): string[] => {
  const answered = marksOf(logs);
  return nodes.filter((node) => !marks.has(node) || !answered.has(node));
};

/** That a node became the owner of the virtual IPs, explained. */
export const takeoversIn = (events: readonly Event[]): RoleDetails[] =>
  events
    .filter(({ kind }) => kind === "role")
    .map(({ details }) => details as unknown as RoleDetails)
    .filter(({ to, move }) => to === "master" && move !== null);

/**
 * Milliseconds from the former owner's last word until the addresses were announced, on the network on which that took
 * longest; null where the steps were not seen. The first answer is left out: it comes when somebody asks.
 */
export function explainedTakeover({ networks }: RoleDetails): number | null {
  const each = networks
    .map(({ spans }) => spans.filter(({ what }) => what !== "first answer"))
    .filter(({ length }) => length > 0)
    .map((spans) => spans.reduce((sum, { milliseconds }) => sum + milliseconds, 0));
  return each.length === 0 ? null : Math.max(...each);
}

export const twoOwnersIn = (events: readonly Event[]): string[] =>
  events.filter(({ kind }) => kind === "two-owners").map(({ node, text }) => `${node}: ${text}`);

/** From `at` on, in milliseconds since the epoch. */
export const toldFrom = (at: number, events: readonly Event[]): Told[] =>
  events.map(({ at: moment, node, kind, text }) => ({ at: Date.parse(moment) - at, node, kind, text }));
