import type { Ip } from "../address.js";
import type { Draft, DraftService } from "../draft.js";
import { type Finding, rule, ruleOfWhole } from "../rule.js";

/** What is encrypted cannot be copied beside the path. */
export const mirrorReadsPlainText = rule("mirror-reads-plain-text", ({ services }) =>
  services
    .filter(({ mirror, health_check: check }) => mirror !== undefined && check.type === "tls")
    .map(({ at }) => ({
      at: [...at, "mirror"],
      message: "a copy of what is encrypted tells nothing: leave the mirror out, or check by openflow or tcp",
    })),
);

/** Only a proxy has sessions that can pass through something, and what stands behind it connects from the node's own address. */
export const multiplexerNeedsProxy = rule("multiplexer-needs-proxy", ({ services }) =>
  services.flatMap(({ at, mirror, mode, transparent }): Finding[] => {
    if (mirror?.via !== "inline" || (mode === "proxy" && !transparent)) return [];
    const why =
      mode === "nat"
        ? "mode nat has no sessions of its own"
        : "its servers would not see the clients' own addresses";
    return [
      { at: [...at, "mirror", "via"], message: `inline stands in the path of a proxy's sessions: ${why}` },
    ];
  }),
);

/** What is captured beside the path cannot be answered, nor can what answers be written down. */
export const repliesNeedThePath = rule("replies-need-the-path", ({ services }) =>
  services.flatMap(({ at, mirror }): Finding[] => {
    if (mirror === undefined) return [];
    const { via, replies, writes, audit } = mirror;
    const place = (key: string) => [...at, "mirror", key];
    return [
      ...(via === "tap" && replies === "forward"
        ? [
            {
              at: place("replies"),
              message: "beside the path nothing reaches a switch: forward needs via: inline",
            },
          ]
        : []),
      ...(replies === "drop" && writes === "forward"
        ? [
            {
              at: place("writes"),
              message:
                "a master controller whose words reach no switch changes nothing: forward needs replies: forward",
            },
          ]
        : []),
      ...(via === "tap" && audit !== undefined
        ? [
            {
              at: place("audit"),
              message: "beside the path nobody hears what controllers say: audit needs via: inline",
            },
          ]
        : []),
    ];
  }),
);

/** Each would begin the file anew under the other. */
export const auditsAreTheirOwn = rule("audits-are-their-own", ({ services }) => {
  const others = new Map<string, string>();
  return services.flatMap(({ at, name, mirror }): Finding[] => {
    const file = mirror?.audit?.file;
    if (file === undefined) return [];
    const other = others.get(file);
    others.set(file, other ?? name);
    return other === undefined
      ? []
      : [{ at: [...at, "mirror", "audit", "file"], message: `${file} is what service ${other} writes to` }];
  });
});

/** A controller that hears of one datapath twice ends one of the two sessions. */
export const masterIsNoServer = rule("master-is-no-server", (draft) =>
  mirrored(draft).flatMap(({ at, to, servers }) => {
    const server = servers.find((each) => each.address.text === to.address.text && each.port === to.port);
    return server === undefined
      ? []
      : [
          {
            at: [...at, "address"],
            message: `${to.address.text}, port ${to.port}, is server ${server.name} of this service: it would get its switches twice`,
          },
        ];
  }),
);

/** Nor does it hear of one by two services: a switch may know both. */
export const masterHearsOfASwitchOnce = rule("master-hears-of-a-switch-once", (draft) => {
  const services = new Map<string, string>();
  return mirrored(draft).flatMap(({ at, to, name }): Finding[] => {
    const place = `${to.address.text}, port ${to.port}`;
    const other = services.get(place);
    services.set(place, other ?? name);
    return other === undefined
      ? []
      : [
          {
            at: [...at, "port"],
            message: `${place}, gets the copy of service ${other} already: a switch that knows both would come twice`,
          },
        ];
  });
});

/** A copy that is sent to the cluster itself would be copied again. */
export const masterIsAMachine = rule("master-is-a-machine", (draft) => {
  const own = new Map([
    ...draft.virtualIps.flatMap(({ name, addresses }) =>
      addresses.map(({ value }) => [value.text, `virtual IP ${name}`] as const),
    ),
    ...draft.nodes.flatMap(({ name, interfaces }) =>
      interfaces.flatMap(({ addresses }) =>
        addresses.map(({ value }) => [value.text, `node ${name}`] as const),
      ),
    ),
  ]);
  return mirrored(draft).flatMap(({ at, to }): Finding[] => {
    const owner = own.get(to.address.text);
    return owner === undefined
      ? []
      : [
          {
            at: [...at, "address"],
            message: `${to.address.text} is ${owner}; a master controller is a machine beside the cluster`,
          },
        ];
  });
});

export const masterReachable = ruleOfWhole("master-reachable", (draft) =>
  mirrored(draft)
    .filter(({ to }) => draft.towards(to.address) === undefined)
    .map(({ at, to }) => ({
      at: [...at, "address"],
      message: `master controller ${to.name} (${to.address.text}) is on none of the networks and behind none of the routes`,
    })),
);

/** Machines are told apart by name; a master controller may also be a server of another service, or a lab host. */
export const masterNameIsItsOwn = rule("master-name-is-its-own", (draft) => {
  const { nodes, servers, spec } = draft;
  return mirrored(draft).flatMap(({ at, to }): Finding[] => {
    const elsewhere = [
      ...nodes.filter(({ name }) => name === to.name).map(() => "a node"),
      ...servers.filter(isAnother(to)).map(() => "a server with another address"),
      ...spec.lab.hosts.filter(isAnother(to)).map(() => "a lab host with another address"),
    ];
    return elsewhere.slice(0, 1).map((other) => ({
      at: [...at, "name"],
      message: `${to.name} is already the name of ${other}`,
    }));
  });
});

type Named = { readonly name: string; readonly address: Ip };

const isAnother =
  (one: Named) =>
  (other: Named): boolean =>
    other.name === one.name && other.address.text !== one.address.text;

const mirrored = ({ services }: Draft) =>
  services.flatMap(({ name, mirror, at, servers }: DraftService) =>
    mirror === undefined ? [] : [{ at: [...at, "mirror", "to"], to: mirror.to, name, servers }],
  );
