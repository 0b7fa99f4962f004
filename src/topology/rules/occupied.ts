import type { Ip } from "../address.js";
import type { Draft } from "../draft.js";
import type { Path } from "../path.js";
import { type Finding, rule } from "../rule.js";

type Kind = "node" | "virtual IP" | "next hop" | "gateway" | "server" | "lab host" | "captured";

/** Something that has an address. */
interface Occupant {
  readonly kind: Kind;
  /** For messages, for instance `node lb-a`. */
  readonly what: string;
  readonly ip: Ip;
  readonly at: Path;
}

/** A virtual IP that is also a machine's own address would be answered twice. */
export const virtualIpIsFree = rule("virtual-ip-is-free", (draft) =>
  sharedAddresses(draft).flatMap((occupants) => {
    const virtualIps = occupants.filter(({ kind }) => kind === "virtual IP");
    const machine = occupants.find(({ kind }) => kind !== "virtual IP" && kind !== "captured");
    return virtualIps.flatMap((virtualIp, index) => {
      const other = machine ?? (index > 0 ? virtualIps[0] : undefined);
      return other === undefined ? [] : [taken(virtualIp, other)];
    });
  }),
);

/** A node's address is its own; nothing else may have it, and the pair may not capture it. */
export const nodeAddressIsItsOwn = rule("node-address-is-its-own", (draft) =>
  sharedAddresses(draft).flatMap((occupants) => {
    const [node, ...more] = occupants.filter(({ kind }) => kind === "node");
    if (node === undefined) return [];
    const others = occupants.filter(({ kind }) => kind !== "node" && kind !== "virtual IP");
    return [...more, ...others].map((other) => taken(other, node));
  }),
);

/** A lab host is a machine of its own (it may have an address that nat.destination captures: that is the point of one). */
export const labHostAddressIsFree = rule("lab-host-address-is-free", (draft) =>
  sharedAddresses(draft).flatMap((occupants) => {
    const [host, ...more] = occupants.filter(({ kind }) => kind === "lab host");
    if (host === undefined) return [];
    const machine = occupants.find(({ kind }) => kind === "server" || kind === "next hop");
    return [
      ...more.map((other) => taken(other, host)),
      ...(machine === undefined ? [] : [taken(host, machine)]),
    ];
  }),
);

const taken = (occupant: Occupant, owner: Occupant): Finding => ({
  at: occupant.at,
  message: `${occupant.ip.text} is already the address of ${owner.what}`,
});

/** The occupants of each address that has more than one, in the order of the file's parts. */
function sharedAddresses(draft: Draft): Occupant[][] {
  const byAddress = new Map<string, Occupant[]>();
  for (const occupant of occupantsOf(draft)) {
    const sharing = byAddress.get(occupant.ip.text);
    if (sharing === undefined) byAddress.set(occupant.ip.text, [occupant]);
    else sharing.push(occupant);
  }
  return [...byAddress.values()].filter((occupants) => occupants.length > 1);
}

function occupantsOf({ networks, nodes, virtualIps, servers, routes, spec }: Draft): Occupant[] {
  return [
    ...nodes.flatMap(({ name, interfaces }) =>
      interfaces.flatMap(({ addresses }) =>
        addresses.map(({ value, at }): Occupant => ({ kind: "node", what: `node ${name}`, ip: value, at })),
      ),
    ),
    ...virtualIps.flatMap(({ name, addresses }) =>
      addresses.map(
        ({ value, at }): Occupant => ({ kind: "virtual IP", what: `virtual IP ${name}`, ip: value, at }),
      ),
    ),
    ...[...networks.values()].flatMap(({ name, gateway }): Occupant[] =>
      gateway === null
        ? []
        : [{ kind: "gateway", what: `the gateway of network ${name}`, ip: gateway.value, at: gateway.at }],
    ),
    ...routes.map(({ via, destination, at }): Occupant => {
      return { kind: "next hop", what: `the next hop of ${destination.text}`, ip: via, at: [...at, "via"] };
    }),
    ...servers.map(({ name, service, address, at }): Occupant => {
      return {
        kind: "server",
        what: `server ${name} of service ${service.name}`,
        ip: address,
        at: [...at, "address"],
      };
    }),
    ...spec.lab.hosts.map(({ name, address }, index): Occupant => {
      return {
        kind: "lab host",
        what: `lab host ${name}`,
        ip: address,
        at: ["lab", "hosts", index, "address"],
      };
    }),
    ...spec.nat.destination.map(({ address, service }, index): Occupant => {
      const at = ["nat", "destination", index, "address"];
      return { kind: "captured", what: `what nat.destination captures for ${service}`, ip: address, at };
    }),
  ];
}
