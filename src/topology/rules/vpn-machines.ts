import type { Draft } from "../draft.js";
import type { Path } from "../path.js";
import { type Finding, rule, warningOfWhole } from "../rule.js";
import { failoverSchema } from "../schema/failover.js";
import { pairsOf } from "../vpn-backbone.js";
import { each, placedIn } from "./vpn-rule.js";

interface Named {
  readonly name: string;
  readonly what: string;
  readonly at: Path;
}

/** Machines are told apart by name: on the command line, in events, in the lab. */
export const vpnServerNamesAreTheirOwn = rule("vpn-server-names-are-their-own", (draft) => {
  const others = new Map(machinesBeside(draft).map((machine) => [machine.name, machine]));
  return serversOf(draft).flatMap(({ name, at }): Finding[] => {
    const other = others.get(name);
    if (other !== undefined)
      return [{ at: [...at, "name"], message: `${name} is already the name of ${other.what}` }];
    return isLabs(name) || (name.startsWith("client-") && draft.networks.has(name.slice("client-".length)))
      ? [{ at: [...at, "name"], message: `${name} is the name of a machine that the lab makes by itself` }]
      : [];
  });
});

/** The lab has clients of its own where there are VPN servers. */
export const vpnClientNamesAreFree = rule("vpn-client-names-are-free", (draft) =>
  draft.spec.vpn === undefined
    ? []
    : machinesBeside(draft)
        .filter(({ name }) => /^vpn-client-[0-9]+$/.test(name))
        .map(({ name, at }) => ({
          at: [...at, "name"],
          message: `${name} is the name of a machine that the lab makes by itself`,
        })),
);

const isLabs = (name: string): boolean =>
  /^(router|client-behind-router|(switch|host|vpn-client)-[0-9]+)$/.test(name);

const machinesBeside = ({ nodes, servers, services, spec }: Draft): Named[] => [
  ...nodes.map(({ name, at }) => ({ name, at, what: "a node" })),
  ...servers.map(({ name, at }) => ({ name, at, what: "a server of a service" })),
  ...services.flatMap(({ mirror, at }): Named[] =>
    mirror === undefined
      ? []
      : [{ name: mirror.to.name, at: [...at, "mirror", "to"], what: "a master controller" }],
  ),
  ...spec.lab.hosts.map(({ name }, index) => ({ name, at: ["lab", "hosts", index], what: "a lab host" })),
];

/** Its agent, and OpenVPN, are on a machine of their own. */
export const vpnServerAddressesAreTheirOwn = rule("vpn-server-addresses-are-their-own", (draft) => {
  const taken = new Map([
    ...draft.nodes.flatMap(({ name, interfaces }) =>
      interfaces.flatMap(({ addresses }) =>
        addresses.map(({ value }) => [value.text, `node ${name}`] as const),
      ),
    ),
    ...draft.virtualIps.flatMap(({ name, addresses }) =>
      addresses.map(({ value }) => [value.text, `virtual IP ${name}`] as const),
    ),
    ...draft.spec.lab.hosts.map(({ name, address }) => [address.text, `lab host ${name}`] as const),
  ]);
  return serversOf(draft).flatMap(({ address, at }) =>
    each(address, [...at, "address"]).flatMap((own): Finding[] => {
      const owner = taken.get(own.value.text);
      return owner === undefined
        ? []
        : [{ at: own.at, message: `${own.value.text} is already the address of ${owner}` }];
    }),
  );
});

/** The agent of a VPN server listens at all of its addresses, by TCP to whoever asks and by UDP to the others. */
export const vpnAgentPortIsFree = rule("vpn-agent-port-is-free", (draft) => {
  const { vpn, agent } = draft.spec;
  if (vpn === undefined) return [];
  const pairs = pairsOf(vpn.servers.length).length;
  const message = (what: string) =>
    `${agent.port} is the port of the agents (agent.port): choose another for ${what}`;
  return [
    ...serversOf(draft).flatMap(({ port, management, at }): Finding[] => [
      ...(port === agent.port ? [{ at: [...at, "port"], message: message("clients") }] : []),
      ...(management.port === agent.port
        ? [{ at: [...at, "management", "port"], message: message("the management") }]
        : []),
    ]),
    ...(agent.port >= vpn.backbone.port && agent.port < vpn.backbone.port + pairs
      ? [
          {
            at: ["vpn", "backbone", "port"],
            message: `${pairs} pairs of servers have the ports from ${vpn.backbone.port} on, and ${agent.port} is that of the agents (agent.port): begin elsewhere`,
          },
        ]
      : []),
  ];
});

/** Between VPN servers clients move, and no virtual IP does. */
export const failoverIsOfNodes = warningOfWhole(
  "failover-is-of-nodes",
  ({ nodes, spec: { vpn, failover } }) =>
    vpn === undefined ||
    nodes.length > 0 ||
    JSON.stringify(failover) === JSON.stringify(failoverSchema.parse({}))
      ? []
      : [{ at: ["failover"], message: "has no effect on VPN servers, and there are no nodes" }],
);

const serversOf = ({ spec: { vpn } }: Draft) => placedIn("servers", vpn?.servers ?? []);
