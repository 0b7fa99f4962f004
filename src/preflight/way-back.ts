import { neighbours } from "../render/neighbours.js";
import { contains } from "../topology/address.js";
import type { Cluster, Family, HostAddress, Interface, Node } from "../topology/cluster.js";
import { ip, prefix, prefixOf } from "../topology/cluster-addresses.js";
import { interfaceOn, networkNamed, serviceNamed, virtualIpsOn } from "../topology/select.js";

/** Something that a neighbour is asked, from an address to which only the route that it should have leads back. */
export interface Question {
  readonly network: string;
  readonly device: string;
  readonly family: Family;
  readonly target: string;
  /** How a person calls the target. */
  readonly name: string;
  readonly source: string;
  /**
   * `itself`: from the node's own address beside it, whether it answers at all. `gateway`: the same, of one that the
   * node needs. `route`: from behind the pair.
   */
  readonly about: "itself" | "gateway" | "route";
  /** Of `route`: what it should be told, as `holdfast neighbours` has it. */
  readonly route: { readonly destination: string; readonly via: string } | null;
  /** Of `route`: sessions of the topology's services need it. */
  readonly needed: boolean;
}

/** More would be a scan. */
const most = 64;

/** What this node can ask. @param active it holds the virtual IPs: what goes through them comes to it */
export function questionsOf(cluster: Cluster, node: Node, active: boolean): Question[] {
  const ways = active ? distinct([...serverQuestions(cluster, node), ...routerQuestions(cluster, node)]) : [];
  const gateways = gatewaysOf(cluster).flatMap(({ network, target }) =>
    itself(node, network, target, `${target}`, "gateway"),
  );
  const targets = new Map(ways.map((way) => [`${way.network} ${way.target}`, way]));
  const plain = [...targets.values()].flatMap(({ network, target, name }) =>
    itself(node, network, target, name, "itself"),
  );
  const known = new Set(gateways.map(({ target }) => target));
  return [...gateways, ...plain.filter(({ target }) => !known.has(target)), ...ways].slice(0, most);
}

/** A server of several services is asked once; that one of them needs the route is enough. */
const distinct = (ways: readonly Question[]): Question[] => [
  ...ways
    .reduce((known, way) => {
      const key = `${way.network} ${way.target} ${way.source}`;
      return known.set(key, { ...way, needed: way.needed || (known.get(key)?.needed ?? false) });
    }, new Map<string, Question>())
    .values(),
];

/** Routers that the nodes themselves need. */
const gatewaysOf = (cluster: Cluster): { network: string; target: string }[] => {
  const all = [
    ...cluster.networks.flatMap(({ name, gateway }) =>
      gateway === null ? [] : [{ network: name, target: gateway }],
    ),
    ...cluster.routes.map(({ network, via }) => ({ network, target: via })),
  ];
  return all.filter(({ target }, index) => all.findIndex((one) => one.target === target) === index);
};

function itself(
  node: Node,
  network: string,
  target: string,
  name: string,
  about: "itself" | "gateway",
): Question[] {
  const { family } = ip(target);
  const face = interfaceOn(node, network);
  const own = face?.addresses.find((address) => address.family === family);
  if (face === undefined || own === undefined) return [];
  const { device } = face;
  return [{ network, device, family, target, name, source: own.address, about, route: null, needed: true }];
}

/** Servers, from each of the node's addresses that their route covers. */
const serverQuestions = (cluster: Cluster, node: Node): Question[] =>
  neighbours(cluster).servers.flatMap(({ network, routes }) => {
    const prefixes = networkNamed(cluster, network).cidrs.map(prefixOf);
    const servers = cluster.services.flatMap(({ name, servers: all }) =>
      all.map(({ address, name: server }) => ({ address, name: server, service: name })),
    );
    const here = servers.filter(({ address }) => prefixes.some((place) => contains(place, ip(address))));
    return routes.flatMap((route) =>
      sources(cluster, node, network, route).flatMap((source) =>
        here.flatMap(({ address, name, service }) =>
          asked(node, network, { target: address, name, source, route, needed: returns(cluster, service) }),
        ),
      ),
    );
  });

/** Sessions that reach a server under the client's own address come back through its gateway. */
const returns = (cluster: Cluster, service: string): boolean => {
  const { mode, transparent } = serviceNamed(cluster, service);
  return mode === "nat" || transparent;
};

/** Routers, from each captured address and each of the node's addresses that their route covers. */
const routerQuestions = (cluster: Cluster, node: Node): Question[] =>
  neighbours(cluster).routers.flatMap(({ network, machines, routes }) =>
    routes.flatMap((route) => {
      const single = /^(.*)\/(?:32|128)$/.exec(route.destination)?.[1];
      const from = single === undefined ? sources(cluster, node, network, route) : [single];
      return from.flatMap((source) =>
        machines.flatMap((target) =>
          asked(node, network, { target, name: target, source, route, needed: true }),
        ),
      );
    }),
  );

/** The node's addresses on other networks that the route leads to; one a family is enough. */
function sources(
  cluster: Cluster,
  node: Node,
  network: string,
  { destination, family }: { readonly destination: string; readonly family: Family },
): string[] {
  const covers = ({ address }: HostAddress): boolean =>
    destination === "default" || contains(prefix(destination), ip(address));
  const others = node.interfaces.filter((face) => face.network !== network);
  const carries = (face: Interface): boolean => virtualIpsOn(cluster, face.network).length > 0;
  // The clients' networks first: a server may well have a way of its own to the others.
  const [first] = [...others.filter(carries), ...others.filter((face) => !carries(face))]
    .flatMap(({ addresses }) => addresses)
    .filter((address) => address.family === family && covers(address));
  return first === undefined ? [] : [first.address];
}

function asked(
  node: Node,
  network: string,
  about: Pick<Question, "target" | "name" | "source" | "needed"> & {
    readonly route: { destination: string; via: string };
  },
): Question[] {
  const device = interfaceOn(node, network)?.device;
  const { family } = ip(about.target);
  if (device === undefined || ip(about.source).family !== family) return [];
  return [{ ...about, network, device, family, about: "route" }];
}
