import type { Path } from "../path.js";
import { type Finding, rule } from "../rule.js";

interface Named {
  readonly name: string;
  readonly at: Path;
}

/** A name stands once among its kind. */
export const namesAreUnique = rule("names-are-unique", ({ nodes, virtualIps, services, spec }) => [
  ...repeated("node", nodes),
  ...repeated("virtual IP", virtualIps),
  ...repeated("service", services),
  ...services.flatMap((service) =>
    repeated(
      "server",
      service.servers.map(({ name }, index) => ({ name, at: [...service.at, "servers", index] })),
    ),
  ),
  ...repeated(
    "lab host",
    spec.lab.hosts.map(({ name }, index) => ({ name, at: ["lab", "hosts", index] })),
  ),
]);

/** Machines are told apart by name: on the command line, in events, in the lab. */
export const machineNamesDiffer = rule("machine-names-differ", ({ nodes, servers, networks, spec }) => {
  const nodeNames = new Set(nodes.map(({ name }) => name));
  const serverNames = new Set(servers.map(({ name }) => name));
  return [
    ...servers
      .filter(({ name }) => nodeNames.has(name))
      .map(({ name, at }) => ({ at: [...at, "name"], message: `${name} is already the name of a node` })),
    ...spec.lab.hosts.flatMap(({ name }, index) => {
      const at = ["lab", "hosts", index, "name"];
      if (nodeNames.has(name)) return [{ at, message: `${name} is already the name of a node` }];
      if (serverNames.has(name)) return [{ at, message: `${name} is already the name of a server` }];
      const reserved =
        /^(router|client-behind-router|(switch|host)-[0-9]+)$/.test(name) || isClientOf(name, networks);
      return reserved
        ? [{ at, message: `${name} is the name of a machine that the lab makes by itself` }]
        : [];
    }),
  ];
});

const isClientOf = (name: string, networks: ReadonlyMap<string, unknown>): boolean =>
  name.startsWith("client-") && networks.has(name.slice("client-".length));

function repeated(what: string, values: readonly Named[]): Finding[] {
  const seen = new Set<string>();
  return values.flatMap(({ name, at }) => {
    if (seen.has(name)) return [{ at: [...at, "name"], message: `another ${what} is named ${name}` }];
    seen.add(name);
    return [];
  });
}
