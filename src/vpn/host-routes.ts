import type { Parsed } from "../topology/address.js";
import type { Family } from "../topology/cluster.js";
import { clientRouteProtocol } from "../topology/vpn-select.js";
import { routeList } from "./route-list.js";
import { destinationOf } from "./session.js";

/** A route to a client, or to what is behind it. */
export interface HostRoute {
  /** A prefix in canonical text. */
  readonly destination: string;
  readonly device: string;
}

/** A route of our number that the kernel has; also one that nobody here made so. */
export interface KernelRoute {
  readonly destination: string;
  readonly device: string | null;
  /** Anything but unicast: `blackhole` and the like. */
  readonly type: string | null;
}

/** The arguments of `ip` for the list of our routes. */
export const listHostRoutes = (family: Family): string[] => [
  "-json",
  `-${family}`,
  "route",
  "show",
  "proto",
  String(clientRouteProtocol),
];

/** Reads that list. One that is not understood is refused: what cannot be named cannot be deleted. */
export function kernelRoutesIn(json: string, family: Family): Parsed<KernelRoute[]> {
  const list = routeList(json);
  if ("refused" in list) return list;
  const routes: KernelRoute[] = [];
  for (const { dst, dev = null, type = null } of list.value) {
    const text = dst === "default" ? (family === 4 ? "0.0.0.0/0" : "::/0") : dst;
    const destination = typeof text === "string" ? destinationOf(text) : null;
    if (destination === null || !isWord(dev) || !isWord(type)) return { refused: "a route is not one" };
    routes.push({ destination, device: dev, type });
  }
  return { value: routes };
}

const isWord = (value: unknown): value is string | null =>
  value === null || (typeof value === "string" && /^[\w.:@-]{1,15}$/.test(value));

/**
 * The lines of `ip -force -batch` that make the kernel's routes the wanted ones, as argument arrays; deletions first. Never
 * `replace`, which would take a foreign route's place: `add` fails where one stands, and the rest is done nevertheless.
 */
export function routeChanges(wanted: readonly HostRoute[], present: readonly KernelRoute[]): string[][] {
  const proto = ["proto", String(clientRouteProtocol)];
  const right = new Set(wanted.map(({ destination, device }) => idOf(destination, device, null)));
  const there = new Set(present.map(({ destination, device, type }) => idOf(destination, device, type)));
  const surplus = present.filter(
    ({ destination, device, type }) => !right.has(idOf(destination, device, type)),
  );
  const missing = wanted.filter(({ destination, device }) => !there.has(idOf(destination, device, null)));
  return [
    ...surplus.map(({ destination, device, type }) => [
      ...["route", "del", ...(type === null ? [] : [type]), destination],
      ...(device === null ? [] : ["dev", device]),
      ...proto,
    ]),
    ...missing.map(({ destination, device }) => ["route", "add", destination, "dev", device, ...proto]),
  ];
}

const idOf = (destination: string, device: string | null, type: string | null): string =>
  `${destination} ${device} ${type}`;
