import type { VpnFault } from "./vpn-drill.js";
import { pair, type Sight, type World } from "./world.js";

/** A fault with its machines: what is really done. */
export type VpnInjection =
  | { readonly kind: "power" | "lie"; readonly server: string }
  | { readonly kind: "cut" | "heal"; readonly server: string; readonly other: string }
  | { readonly kind: "roam"; readonly moves: readonly Move[] };

/** A client, and the server that it comes to. */
export interface Move {
  readonly client: string;
  readonly server: string;
}

/** Names the machines by where the clients are. What the network is too small for is refused. */
export function resolveVpn(
  fault: VpnFault,
  world: World,
  { clients }: Sight,
): VpnInjection | { readonly refused: string } {
  const names = world.servers.map(({ name }) => name);
  const fixed = world.clients.filter((client) => client.fixed.length > 0);
  const on = (server: string) => fixed.filter(({ name }) => clients.get(name)?.server === server).length;
  const busiest = names.toSorted((a, b) => on(b) - on(a));
  const [server = "", other = ""] = busiest;
  switch (fault.kind) {
    case "power":
      return { kind: "power", server };
    case "lie":
      return { kind: "lie", server };
    case "cut":
    case "heal":
      if (on(other) > 0) return { kind: fault.kind, server, other };
      return { refused: `all clients with a fixed address are on ${server}` };
    case "roam": {
      const moves = fixed.map(({ name }) => ({
        client: name,
        server: after(names, clients.get(name)?.server ?? ""),
      }));
      return { kind: "roam", moves: fault.who === "all" ? moves : moves.slice(0, 1) };
    }
  }
}

const after = (names: readonly string[], name: string): string =>
  names[(names.indexOf(name) + 1) % names.length] ?? name;

/** Clients that are not where the lab had them begin: drills before this one may have left all of them on one server. */
export const movesHome = ({ servers, clients }: World, { clients: seen }: Sight): Move[] =>
  clients
    .map(({ name }, index) => ({ client: name, server: servers[index % servers.length]?.name ?? "" }))
    .filter(({ client, server }) => seen.get(client)?.server !== server);

/** What is true from then on. */
export function takeVpn(world: World, injection: VpnInjection): void {
  if (injection.kind === "power") setPower(world, injection.server, false);
  if (injection.kind === "cut") world.cuts.add(pair(injection.server, injection.other));
  if (injection.kind === "heal") world.cuts.delete(pair(injection.server, injection.other));
}

/** What is true once it was mended. */
export function mendVpn(world: World, injection: VpnInjection): void {
  if (injection.kind === "power") setPower(world, injection.server, true);
  if (injection.kind === "cut" || injection.kind === "heal")
    world.cuts.delete(pair(injection.server, injection.other));
}

function setPower({ servers }: World, name: string, on: boolean): void {
  for (const server of servers) if (server.name === name) server.on = on;
}

/** What a fault does to two clients that were on these servers before it. */
export function fateOf(
  injection: VpnInjection,
  one: { readonly client: string; readonly server: string },
  other: { readonly client: string; readonly server: string },
): "struck" | "apart" | "other" {
  const either = (struck: (each: { readonly client: string; readonly server: string }) => boolean) =>
    struck(one) || struck(other) ? "struck" : "other";
  switch (injection.kind) {
    case "power":
      return either(({ server }) => server === injection.server);
    case "roam":
      return either(({ client }) => injection.moves.some((move) => move.client === client));
    case "cut":
    case "heal": {
      const across = pair(one.server, other.server) === pair(injection.server, injection.other);
      return across ? (injection.kind === "cut" ? "apart" : "struck") : "other";
    }
    case "lie":
      return either(({ server }) => server === injection.server);
  }
}

/** For the table's second column. */
export function describeVpn(injection: VpnInjection): string {
  switch (injection.kind) {
    case "power":
      return `${injection.server} off`;
    case "cut":
      return `${injection.server} - ${injection.other} cut`;
    case "heal":
      return `${injection.server} - ${injection.other} whole again`;
    case "lie":
      return `${injection.server} announces 0.0.0.0/0`;
    case "roam": {
      const [first] = injection.moves;
      return injection.moves.length === 1 && first !== undefined
        ? `${first.client} -> ${first.server}`
        : `${injection.moves.length} clients move`;
    }
  }
}
