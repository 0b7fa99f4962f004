import { formatDuration } from "../duration.js";
import { type Finding, rule } from "../rule.js";

/** One address and port is answered by one service. */
export const portIsFree = rule("port-is-free", ({ services, virtualIp, spec }) => {
  const taken = new Map<string, string>();
  const take = (key: string, service: string): string | undefined => {
    const owner = taken.get(key);
    if (owner === undefined) taken.set(key, service);
    return owner;
  };
  const clash = (address: string, port: number, owner: string) =>
    `port ${port} of ${address} belongs to service ${owner} already`;
  const listening = services.flatMap(({ name, listen, at }): Finding[] => {
    const owners = (virtualIp.get(listen.virtual_ip)?.addresses ?? []).map(({ value }) =>
      take(`${value.text} ${listen.port}`, name),
    );
    const owner = owners.find((each) => each !== undefined);
    if (owner === undefined) return [];
    return [
      {
        at: [...at, "listen", "port"],
        message: clash(`virtual IP ${listen.virtual_ip}`, listen.port, owner),
      },
    ];
  });
  const captured = spec.nat.destination.flatMap(({ inbound, address, port, service }, index): Finding[] => {
    const key = `${address.text} ${port}`;
    const owner = taken.get(key) ?? take(`${inbound} ${key}`, service);
    if (owner === undefined) return [];
    return [{ at: ["nat", "destination", index, "port"], message: clash(address.text, port, owner) }];
  });
  return [...listening, ...captured];
});

/** Until its first topology comes a node's agent listens at every address, and HAProxy starts meanwhile. */
export const portIsNotTheAgents = rule("port-is-not-the-agents", ({ services, spec }) =>
  services
    .filter(({ listen }) => listen.port === spec.agent.port)
    .map(({ at, listen }) => ({
      at: [...at, "listen", "port"],
      message: `port ${listen.port} is that of the agents (agent.port): choose another for one of them`,
    })),
);

/** One address and port stands once in a pool. */
export const serverOnceInPool = rule("server-once-in-pool", ({ services }) =>
  services.flatMap((service) => {
    const seen = new Map<string, string>();
    return service.servers.flatMap(({ name, address, port }, index) => {
      const key = `${address.text} ${port}`;
      const other = seen.get(key);
      seen.set(key, name);
      const at = [...service.at, "servers", index, "address"];
      return other === undefined
        ? []
        : [{ at, message: `${name} is the same server as ${other}: ${address.text}, port ${port}` }];
    });
  }),
);

/** With every server drained nobody would get in: what is to serve nobody is taken out of the topology. */
export const somebodyServes = rule("somebody-serves", ({ services }) =>
  services
    .filter(({ servers }) => servers.length > 0 && servers.every(({ weight }) => weight === 0))
    .map(({ at }) => ({
      at: [...at, "servers"],
      message: "every server drains (weight 0): no new session would get in; leave at least one a weight",
    })),
);

/** HAProxy lets the shorter of the two win: a longer timeout would not be what was asked for. */
export const timeoutWithinInterval = rule("timeout-within-interval", ({ services }) =>
  services
    .filter(({ health_check: check }) => check.timeout > check.interval)
    .map(({ health_check: check, at }) => ({
      at: [...at, "health_check", "timeout"],
      message: `a timeout of ${formatDuration(check.timeout)} is longer than the interval of ${formatDuration(check.interval)}`,
    })),
);

/** What the kernel's translation cannot do is refused, not left out. */
export const modeCanGiveIt = rule("mode-can-give-it", ({ services }) =>
  services
    .filter(({ mode }) => mode === "nat")
    .flatMap(({ balance, transparent, at }): Finding[] => [
      ...(balance === "leastconn"
        ? [
            {
              at: [...at, "balance"],
              message: "nat does not count connections; use balance: source or roundrobin, or mode: proxy",
            },
          ]
        : []),
      ...(transparent
        ? [
            {
              at: [...at, "transparent"],
              message: "with nat, servers always see the client's own address; leave transparent out",
            },
          ]
        : []),
    ]),
);
