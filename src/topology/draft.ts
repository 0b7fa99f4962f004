import type { Ip, Prefix } from "./address.js";
import { contains } from "./address.js";
import type { Path } from "./path.js";
import type { WrittenTopology } from "./schema.js";

/** A value and where it was written. */
export interface Placed<T> {
  readonly value: T;
  readonly at: Path;
}

export interface DraftNetwork {
  readonly name: string;
  readonly at: Path;
  readonly cidrs: readonly Placed<Prefix>[];
  readonly gateway: Placed<Ip> | null;
  readonly mtu: number | null;
  readonly virtualRouterId: number;
}

export interface DraftInterface {
  readonly node: string;
  readonly network: string;
  readonly device: string;
  readonly addresses: readonly Placed<Ip>[];
  readonly at: Path;
}

export interface DraftNode {
  readonly name: string;
  readonly at: Path;
  readonly interfaces: readonly DraftInterface[];
}

type Written<K extends keyof WrittenTopology> = WrittenTopology[K] extends readonly (infer T)[] ? T : never;

export type DraftService = Written<"services"> & { readonly at: Path };
export type DraftServer = DraftService["servers"][number] & {
  readonly at: Path;
  readonly service: DraftService;
};
export type DraftRoute = Written<"routes"> & { readonly at: Path };

export interface DraftVirtualIp {
  readonly name: string;
  readonly network: string;
  readonly addresses: readonly Placed<Ip>[];
  readonly at: Path;
}

/** A written topology with the look-ups that rules and `resolve` need; references may still lead nowhere. */
export interface Draft {
  readonly spec: WrittenTopology;
  readonly networks: ReadonlyMap<string, DraftNetwork>;
  readonly nodes: readonly DraftNode[];
  readonly routes: readonly DraftRoute[];
  readonly virtualIps: readonly DraftVirtualIp[];
  readonly virtualIp: ReadonlyMap<string, DraftVirtualIp>;
  readonly services: readonly DraftService[];
  readonly service: ReadonlyMap<string, DraftService>;
  readonly servers: readonly DraftServer[];
  /** The network whose prefix holds the address. */
  connected(ip: Ip): DraftNetwork | undefined;
  /** The network on which a packet to the address leaves: a connected one, or that of the best route's next hop. */
  towards(ip: Ip): DraftNetwork | undefined;
}

export function draftOf(spec: WrittenTopology): Draft {
  const networks = new Map(
    Object.entries(spec.networks).map(([name, network]) => [name, draftNetwork(name, network)]),
  );
  const routes = spec.routes.map((route, index) => ({ ...route, at: ["routes", index] }));
  const longestFirst = [...routes].sort((a, b) => b.destination.prefix - a.destination.prefix);
  const virtualIps = spec.virtual_ips.map(({ name, network, address }, index) => {
    const at = ["virtual_ips", index];
    return { name, network, at, addresses: placed(address, [...at, "address"]) };
  });
  const services = spec.services.map((service, index) => ({ ...service, at: ["services", index] }));
  const connected = (ip: Ip) =>
    find(networks.values(), ({ cidrs }) => cidrs.some(({ value }) => contains(value, ip)));
  return {
    spec,
    networks,
    nodes: spec.nodes.map((node, index) => draftNode(node, ["nodes", index])),
    routes,
    virtualIps,
    virtualIp: new Map(virtualIps.map((virtualIp) => [virtualIp.name, virtualIp])),
    services,
    service: new Map(services.map((service) => [service.name, service])),
    servers: services.flatMap((service) =>
      service.servers.map((server, index) => ({ ...server, service, at: [...service.at, "servers", index] })),
    ),
    connected,
    towards: (ip) => {
      const direct = connected(ip);
      if (direct !== undefined) return direct;
      const route = longestFirst.find(({ destination }) => contains(destination, ip));
      return route && connected(route.via);
    },
  };
}

function draftNetwork(name: string, network: WrittenTopology["networks"][string]): DraftNetwork {
  const at = ["networks", name];
  return {
    name,
    at,
    cidrs: placed(network.cidr, [...at, "cidr"]),
    gateway: network.gateway === undefined ? null : { value: network.gateway, at: [...at, "gateway"] },
    mtu: network.mtu ?? null,
    virtualRouterId: network.virtual_router_id,
  };
}

const draftNode = (node: Written<"nodes">, at: Path): DraftNode => ({
  name: node.name,
  at,
  interfaces: Object.entries(node.interfaces).map(([network, { device, address }]) => {
    const interfaceAt = [...at, "interfaces", network];
    return {
      node: node.name,
      network,
      device,
      at: interfaceAt,
      addresses: placed(address, [...interfaceAt, "address"]),
    };
  }),
});

const placed = <T>(values: readonly T[], at: Path): Placed<T>[] =>
  values.map((value, index) => ({ value, at: [...at, index] }));

function find<T>(values: Iterable<T>, matches: (value: T) => boolean): T | undefined {
  for (const value of values) if (matches(value)) return value;
  return undefined;
}
