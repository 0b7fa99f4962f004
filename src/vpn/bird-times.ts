import { destinationOf } from "./session.js";

/** Asks BIRD for every route that it has from another server and uses; its file has the times with their dates. */
export const birdRouteTimes = [
  ...["birdc", "-r", "show", "route", "primary"],
  ...["where", "source", "=", "RTS_BGP"],
] as const;

/**
 * Reads a line of the answer (BIRD 2.0 user's guide, 4). Null for lines that begin no route.
 *
 * @returns since when BIRD has the route, in milliseconds since the epoch
 */
export function birdTimeIn(line: string): { readonly destination: string; readonly since: number } | null {
  const [, to = "", day, time] =
    /^([0-9a-f.:]+\/\d+)\s.*\[\S+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})[ \]]/.exec(line) ?? [];
  const destination = destinationOf(to);
  // BIRD writes the time of the machine's own zone, which is this process's, too.
  const since = Date.parse(`${day}T${time}`);
  return destination === null || Number.isNaN(since) ? null : { destination, since };
}
