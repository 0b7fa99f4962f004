import { covers } from "../address.js";
import { rule, ruleOfWhole } from "../rule.js";

/** The kernel refuses a next hop that it cannot reach directly. */
export const nextHopConnected = ruleOfWhole("next-hop-connected", ({ routes, connected }) =>
  routes
    .filter(({ via }) => connected(via) === undefined)
    .map(({ via, at }) => ({
      at: [...at, "via"],
      message: `next hop ${via.text} is on none of the networks`,
    })),
);

/** An IPv6 destination needs an IPv6 next hop, and an IPv4 one an IPv4 one. */
export const nextHopFamily = rule("next-hop-family", ({ routes }) =>
  routes
    .filter(({ via, destination }) => via.family !== destination.family)
    .map(({ via, destination, at }) => ({
      at: [...at, "via"],
      message: `an IPv${destination.family} destination needs an IPv${destination.family} next hop, not ${via.text}`,
    })),
);

/** One destination has one route, and a network of the nodes has none: the later route would silently replace it. */
export const oneRoutePerDestination = rule("one-route-per-destination", ({ routes, networks }) => {
  const taken = new Map<string, string>(
    [...networks.values()].flatMap(({ name, cidrs }) =>
      cidrs.map(({ value }) => [value.text, `network ${name}`] as const),
    ),
  );
  return routes.flatMap(({ destination, via, at }) => {
    const other = taken.get(destination.text);
    taken.set(destination.text, `a route via ${via.text}`);
    return other === undefined
      ? []
      : [{ at: [...at, "destination"], message: `${destination.text} is ${other} already` }];
  });
});

/** A route to a part of a network would carry packets away from machines that stand beside the nodes. */
export const routeLeavesNetworks = rule("route-leaves-networks", ({ routes, networks }) => {
  const prefixes = [...networks.values()].flatMap(({ name, cidrs }) =>
    cidrs.map(({ value }) => ({ name, prefix: value })),
  );
  return routes.flatMap(({ destination, at }) => {
    const whole = prefixes.find(({ prefix }) => covers(prefix, destination));
    // The whole network itself is not a free destination either: one-route-per-destination.
    if (whole === undefined || whole.prefix.text === destination.text) return [];
    return [
      {
        at: [...at, "destination"],
        message: `${destination.text} is a part of ${whole.prefix.text} (network ${whole.name}), which the nodes reach without a router`,
      },
    ];
  });
});

/** A server, and a witness, stands on a network of the nodes or behind one of the routes. */
export const serverReachable = ruleOfWhole("server-reachable", ({ servers, towards }) =>
  servers
    .filter(({ address }) => towards(address) === undefined)
    .map(({ name, address, at }) => ({
      at: [...at, "address"],
      message: `server ${name} (${address.text}) is on none of the networks and behind none of the routes`,
    })),
);

export const witnessReachable = ruleOfWhole("witness-reachable", ({ spec, towards }) =>
  spec.failover.witness.flatMap((ip, index) =>
    towards(ip) === undefined
      ? [
          {
            at: ["failover", "witness", index],
            message: `witness ${ip.text} is on none of the networks and behind none of the routes`,
          },
        ]
      : [],
  ),
);

/** A witness of our own would always answer. */
export const witnessIsElsewhere = rule("witness-is-elsewhere", ({ spec, virtualIps, nodes }) => {
  const own = new Map([
    ...virtualIps.flatMap(({ name, addresses }) =>
      addresses.map(({ value }) => [value.text, `virtual IP ${name}`] as const),
    ),
    ...nodes.flatMap(({ name, interfaces }) =>
      interfaces.flatMap(({ addresses }) =>
        addresses.map(({ value }) => [value.text, `node ${name}`] as const),
      ),
    ),
  ]);
  return spec.failover.witness.flatMap((ip, index) => {
    const owner = own.get(ip.text);
    return owner === undefined
      ? []
      : [
          {
            at: ["failover", "witness", index],
            message: `${ip.text} is ${owner}; a witness is a machine beside the cluster`,
          },
        ];
  });
});
