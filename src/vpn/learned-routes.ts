import type { Family } from "../topology/cluster.js";
import { destinationOf } from "./session.js";

/** A route that BIRD made here, to what another server announced. */
export interface LearnedRoute {
  readonly destination: string;
  readonly via: string | null;
  readonly device: string;
}

/** The arguments of `ip` for the list of them: in its own words, since JSON of 70,000 is twice as long, and has to be read at once. */
export const listLearnedRoutes = (family: Family): string[] => [
  `-${family}`,
  "route",
  "show",
  "proto",
  "bird",
];

/** Reads a line of that list. Null for routes that lead nowhere, or several ways at once. */
export function learnedRouteIn(line: string): LearnedRoute | null {
  const [, to = "", via, device] =
    /^([0-9a-f.:/]+)(?: via ([0-9a-f.:]+))? dev ([^\s/]{1,15})(?: |$)/.exec(line) ?? [];
  const destination = destinationOf(to);
  return destination === null || device === undefined ? null : { destination, via: via ?? null, device };
}
