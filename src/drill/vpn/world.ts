/**
 * What is true of VPN servers and their clients, because whoever broke something knows what; and what everybody should see
 * then. Nothing here is computed as agents or BIRD do it.
 */
export interface World {
  readonly servers: readonly WorldServer[];
  readonly clients: readonly WorldClient[];
  /** Pairs of servers between which nothing passes, by `pair`. */
  readonly cuts: Set<string>;
}

export interface WorldServer {
  readonly name: string;
  /** Where clients reach it. */
  readonly addresses: readonly string[];
  /** Among the servers. */
  readonly backbone: string;
  readonly ranges: readonly string[];
  /** Of its clients. */
  readonly device: string;
  on: boolean;
}

export interface WorldClient {
  /** A machine of the lab. */
  readonly name: string;
  /** None where its server gives it some. */
  readonly fixed: readonly string[];
  readonly networks: readonly string[];
  /** Within its networks. */
  readonly behind: readonly string[];
  /** It wants to be connected. */
  running: boolean;
}

/** What a client says of itself, in its own log. */
export interface Whereabouts {
  readonly server: string;
  readonly addresses: readonly string[];
}

/** What one server's kernel and its BIRD say. */
export interface ServerSight {
  /** Routes made by the agent or BIRD, as `DESTINATION SERVER`; `here` where they lead to the server's own clients. */
  readonly routes: readonly string[];
  /** Servers with which it exchanges routes. */
  readonly sessions: readonly string[];
}

/** A look at everything. */
export interface Sight {
  readonly clients: ReadonlyMap<string, Whereabouts | null>;
  readonly servers: ReadonlyMap<string, ServerSight>;
  /** By client: the addresses that answered it. */
  readonly answered: ReadonlyMap<string, ReadonlySet<string>>;
}

export const pair = (one: string, other: string): string => [one, other].sort().join(" ");

type Clients = Sight["clients"];

/** Everybody else's addresses, also of those who are not there. */
export const allOthers = ({ clients }: World, seen: Clients, asker: string): string[] =>
  clients
    .filter(({ name }) => name !== asker)
    .flatMap(({ name, fixed, behind }) => [
      ...(fixed.length > 0 ? fixed : (seen.get(name)?.addresses ?? [])),
      ...behind,
    ]);

/** Those that a client should reach: of whoever is connected, unless nothing passes between their servers. There is no way around. */
export function reachable({ clients, cuts }: World, seen: Clients, asker: string): string[] {
  const at = seen.get(asker)?.server;
  if (at === undefined) return [];
  return clients.flatMap(({ name, running, fixed, behind }) => {
    const there = seen.get(name);
    if (name === asker || !running || !there || cuts.has(pair(at, there.server))) return [];
    return [...(fixed.length > 0 ? fixed : there.addresses), ...behind];
  });
}

/** Everything that is seen otherwise than it is; empty where all agree. */
export function disagreements(world: World, sight: Sight): string[] {
  return [...lost(world, sight), ...astray(world, sight), ...unlike(world, sight)];
}

/** Each client that wants to be is connected to a server that has power, with the addresses that are its own. */
function lost({ servers, clients }: World, sight: Sight): string[] {
  return clients.flatMap(({ name, running, fixed }) => {
    const at = sight.clients.get(name) ?? null;
    if (!running) return [];
    if (at === null) return [`${name} is connected to no server`];
    if (servers.every((server) => server.name !== at.server || !server.on))
      return [`${name} is connected to ${at.server}, which has no power`];
    const wrong = fixed.filter((address) => !at.addresses.includes(address));
    return wrong.length === 0 ? [] : [`${name} has ${at.addresses}, not ${wrong}`];
  });
}

/** Each server has a session with each other one that it can reach, and exactly the routes that follow. */
function astray(world: World, sight: Sight): string[] {
  return world.servers
    .filter(({ on }) => on)
    .flatMap(({ name }) => {
      const seen = sight.servers.get(name);
      if (seen === undefined) return [`${name} does not answer`];
      const peers = world.servers.filter(
        (other) => other.name !== name && other.on && !world.cuts.has(pair(name, other.name)),
      );
      return [
        ...differences(
          `session of ${name} with`,
          peers.map((peer) => peer.name),
          seen.sessions,
        ),
        ...differences(`route on ${name}:`, routesOf(world, sight, name, peers), seen.routes),
      ];
    });
}

function routesOf(world: World, sight: Sight, server: string, peers: readonly WorldServer[]): string[] {
  const clients = world.clients.flatMap(({ name, running, fixed, networks }) => {
    const at = running ? sight.clients.get(name)?.server : undefined;
    const near = at === server ? "here" : peers.find((peer) => peer.name === at)?.name;
    return near === undefined ? [] : [...fixed, ...networks].map((destination) => `${destination} ${near}`);
  });
  return [...clients, ...peers.flatMap(({ name, ranges }) => ranges.map((range) => `${range} ${name}`))];
}

/** Who is connected reaches exactly whom he should. */
function unlike(world: World, { clients, answered }: Sight): string[] {
  return world.clients.flatMap(({ name, running }) => {
    const at = running ? clients.get(name) : undefined;
    if (!at) return [];
    const seen = [...(answered.get(name) ?? [])];
    return differences(`${name} (${at.server}) reaches`, reachable(world, clients, name), seen);
  });
}

function differences(what: string, wanted: readonly string[], seen: readonly string[]): string[] {
  return [
    ...wanted.filter((each) => !seen.includes(each)).map((each) => `${what} ${each}: missing`),
    ...seen.filter((each) => !wanted.includes(each)).map((each) => `${what} ${each}: should not be`),
  ];
}
