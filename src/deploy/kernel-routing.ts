import { speaks } from "../render/devices.js";
import type { RenderedFile } from "../render/file.js";
import { paths, routeProtocol } from "../render/paths.js";
import { transparentMark } from "../render/transparent.js";
import type { Cluster, Family } from "../topology/cluster.js";

/** A static route of ours; `destination` in CIDR form, for instance 0.0.0.0/0. */
export interface KernelRoute {
  readonly destination: string;
  readonly via: string;
  readonly device: string;
}

/** A link's MTU in bytes. */
export interface KernelLink {
  readonly device: string;
  readonly mtu: number;
}

/** A node's routing as far as it is ours. */
export interface Routing {
  /** What the rendered `ip -batch` file sets in the main table. */
  readonly routes: readonly KernelRoute[];
  readonly links: readonly KernelLink[];
  /** Families in which replies of transparent sessions find back to the node: a policy rule, and a local route in its table. */
  readonly wayBack: readonly Family[];
}

const families = [4, 6] as const;

export const noRouting: Routing = { routes: [], links: [], wayBack: [] };

/** Nothing on a machine that has no such file. */
export function wantedRouting(cluster: Cluster, files: readonly RenderedFile[]): Routing {
  const body = files.find((file) => file.path === paths.routes)?.body;
  if (body === undefined) return noRouting;
  const commands = body.split("\n").map((line) => line.trim().split(/\s+/));
  const after = (command: readonly string[], word: string) => command[command.indexOf(word) + 1] ?? "";
  return {
    routes: commands
      .filter((command) => command[0] === "route" && command.includes("via"))
      .map((command) => kernelRoute(after(command, "replace"), after(command, "via"), after(command, "dev"))),
    links: commands
      .filter(([object]) => object === "link")
      .map((command) => ({ device: after(command, "dev"), mtu: Number(after(command, "mtu")) })),
    wayBack: families.filter((family) => speaks(cluster, family)),
  };
}

/** The main table's part of what `ip -json route show table all` prints; routes without a gateway are none of ours. */
export const parseRoutes = (printed: string): KernelRoute[] =>
  parseArray(printed).flatMap(({ dst, gateway, dev, table }) =>
    table === undefined && typeof dst === "string" && typeof gateway === "string" && typeof dev === "string"
      ? [kernelRoute(dst, gateway, dev)]
      : [],
  );

/** What `ip -json link show` prints. */
export const parseLinks = (printed: string): KernelLink[] =>
  parseArray(printed).flatMap(({ ifname, mtu }) =>
    typeof ifname === "string" && typeof mtu === "number" ? [{ device: ifname, mtu }] : [],
  );

/** Whether `ip -json rule show` and `ip -json route show table all` have the rule for marked packets, and its table's route. */
export function hasWayBack(rules: string, routes: string): boolean {
  const table = String(routeProtocol);
  return (
    parseArray(rules).some((rule) => rule.fwmark === transparentMark && rule.table === table) &&
    parseArray(routes).some((route) => route.type === "local" && route.table === table)
  );
}

function parseArray(printed: string): Record<string, unknown>[] {
  const parsed: unknown = printed.trim() === "" ? [] : JSON.parse(printed);
  return Array.isArray(parsed) ? parsed : [];
}

/** iproute2 leaves out the length of a host route and calls the route to everywhere `default`. */
function kernelRoute(destination: string, via: string, device: string): KernelRoute {
  const v6 = via.includes(":");
  if (destination === "default") return { destination: v6 ? "::/0" : "0.0.0.0/0", via, device };
  return {
    destination: destination.includes("/") ? destination : `${destination}/${v6 ? 128 : 32}`,
    via,
    device,
  };
}

const sayRoute = ({ destination, via, device }: KernelRoute): string =>
  `${destination} via ${via} dev ${device}`;

/** Sentences: how the kernel's routing differs from what is wanted. */
export function routingDifferences(wanted: Routing, kernel: Routing): string[] {
  const lacking = (all: readonly KernelRoute[], some: readonly KernelRoute[]) => {
    const known = new Set(some.map(sayRoute));
    return all.map(sayRoute).filter((route) => !known.has(route));
  };
  const mtu = (device: string) => kernel.links.find((link) => link.device === device)?.mtu;
  return [
    ...lacking(wanted.routes, kernel.routes).map((route) => `the kernel lacks the route ${route}`),
    ...lacking(kernel.routes, wanted.routes).map(
      (route) => `the kernel has a route that nobody rendered: ${route}`,
    ),
    ...wanted.links
      .filter((link) => mtu(link.device) !== link.mtu)
      .map((link) => `${link.device} has an MTU of ${mtu(link.device) ?? "nothing"} instead of ${link.mtu}`),
    ...wanted.wayBack
      .filter((family) => !kernel.wayBack.includes(family))
      .map((family) => `the kernel lacks the way back of transparent IPv${family} sessions`),
  ];
}

/** `ip -batch` input that makes the kernel's routing the wanted one; new routes stand before old ones go. */
export function routingInput(wanted: Routing, kernel: Routing, protocol: number): string {
  const kept = new Set(wanted.routes.map(({ destination }) => destination));
  return [
    ...wanted.links.map(({ device, mtu }) => `link set dev ${device} mtu ${mtu}`),
    ...wanted.routes.map((route) => `route replace ${sayRoute(route)} proto ${protocol}`),
    // `replace` takes the place of a route to the same destination.
    ...kernel.routes
      .filter(({ destination }) => !kept.has(destination))
      .map((route) => `route del ${sayRoute(route)} proto ${protocol}`),
  ]
    .map((line) => `${line}\n`)
    .join("");
}
