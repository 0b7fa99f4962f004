import type { Parsed } from "../topology/address.js";
import type { Family } from "../topology/cluster.js";
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
  let list: unknown;
  try {
    list = JSON.parse(json.trim() === "" ? "[]" : json);
  } catch {
    return { refused: "not JSON" };
  }
  if (!Array.isArray(list)) return { refused: "not a list of routes" };
  const routes = (list as { dst?: unknown; dev?: unknown; gateway?: unknown }[]).flatMap((route) => {
    const { dst, dev, gateway } = route ?? {};
    const destination = typeof dst === "string" ? destinationOf(dst) : null;
    if (destination === null || typeof dev !== "string") return [];
    return [{ destination, via: typeof gateway === "string" ? gateway : null, device: dev }];
  });
  return { value: routes };
}
