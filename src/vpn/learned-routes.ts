import type { Parsed } from "../topology/address.js";
import type { Family } from "../topology/cluster.js";
import { routeList } from "./route-list.js";
import { destinationOf } from "./session.js";

/** A route that BIRD made here, to what another server announced. */
export interface LearnedRoute {
  readonly destination: string;
  readonly via: string | null;
  readonly device: string;
}

/** The arguments of `ip` for the list of them. */
export const listLearnedRoutes = (family: Family): string[] => [
  "-json",
  `-${family}`,
  "route",
  "show",
  "proto",
  "bird",
];

/** Reads that list. Routes that lead nowhere, or several ways at once, are none of these. */
export function learnedRoutesIn(json: string): Parsed<LearnedRoute[]> {
  const list = routeList(json);
  if ("refused" in list) return list;
  const routes = list.value.flatMap(({ dst, dev, gateway }) => {
    const destination = typeof dst === "string" ? destinationOf(dst) : null;
    if (destination === null || typeof dev !== "string") return [];
    return [{ destination, via: typeof gateway === "string" ? gateway : null, device: dev }];
  });
  return { value: routes };
}
