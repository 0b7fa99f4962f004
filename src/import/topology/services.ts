import { contains } from "../../topology/address.js";
import type { Tell } from "../finding.js";
import type { Bind, Entry, Pool } from "../haproxy/proxy.js";
import { distinctNames } from "../names.js";
import type { DestinationTranslation } from "../netfilter/translations.js";
import type { ImportedServer, ImportedService, ImportedVirtualIp } from "./imported.js";
import type { Segment } from "./segments.js";

/** What services are made among. */
export interface Surroundings {
  readonly segments: readonly Segment[];
  readonly virtualIps: readonly ImportedVirtualIp[];
  /** No server may be called like one of them. */
  readonly nodeNames: readonly string[];
}

/** An IPv4 and an IPv6 address that one frontend listens at with the same port. */
export function boundTogether(entries: readonly Entry[]): [string, string][] {
  return entries.flatMap(({ binds }) => {
    const ports = [...new Set(binds.map(({ port }) => port))];
    return ports.flatMap((port): [string, string][] => {
      const of = (family: 4 | 6) =>
        binds.flatMap(({ address, port: own }) =>
          own === port && address?.family === family ? [address.text] : [],
        );
      const [v4, ...more4] = of(4);
      const [v6, ...more6] = of(6);
      const pair = v4 !== undefined && v6 !== undefined && more4.length + more6.length === 0;
      return pair ? [[v4, v6]] : [];
    });
  });
}

/** The same of addresses whose packets the kernel sends to the servers of one pool. */
export function translatedTogether(
  destinations: readonly DestinationTranslation[],
  pools: readonly Pool[],
): [string, string][] {
  const of = (family: 4 | 6) => destinations.filter(({ address }) => address.family === family);
  const poolOf = ({ to, toPort }: DestinationTranslation) =>
    pools.find(({ servers }) => servers.some(({ ip, port }) => ip.text === to.text && port === toPort));
  return of(4).flatMap((v4) =>
    of(6)
      .filter((v6) => v6.port === v4.port && poolOf(v4) !== undefined && poolOf(v6) === poolOf(v4))
      .map((v6): [string, string] => [v4.address.text, v6.address.text]),
  );
}

/** A service for each virtual IP and port that something listens at. */
export function importedServices(
  entries: readonly Entry[],
  around: Surroundings,
  tell: Tell,
): ImportedService[] {
  const called = distinctNames();
  const taken = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const places = new Map<
      string,
      { readonly virtualIp: string; readonly port: number; readonly remarks: string[] }
    >();
    for (const bind of entry.binds)
      for (const { name, remarks } of listeningAt(bind, entry, around, tell)) {
        const key = `${name}:${bind.port}`;
        const owner = taken.get(key) ?? entry;
        taken.set(key, owner);
        if (owner === entry && !places.has(key))
          places.set(key, { virtualIp: name, port: bind.port, remarks });
        else if (owner !== entry)
          tell(
            bind,
            "lost",
            `bind of ${entry.name} at port ${bind.port}`,
            `${owner.name} listens there already`,
          );
      }
    return [...places.values()].map(({ virtualIp, port, remarks }) =>
      serviceOf(entry.pool, { name: called(entry.name, "service"), virtualIp, port }, around, tell, [
        ...remarks,
        ...(entry.spokeHttp || entry.pool.spokeHttp ? [httpRemark(entry, tell)] : []),
      ]),
    );
  });
}

function httpRemark(entry: Entry, tell: Tell): string {
  tell(
    entry,
    "look",
    `${entry.name} in mode http`,
    "the service passes TCP on as it is: a connection stays with one server, and no header is added",
    "see that the servers can do without",
  );
  return "was in mode http; TCP is passed on as it is";
}

/** A service of a pool at one place. */
export function serviceOf(
  pool: Pool,
  place: Pick<ImportedService, "name" | "virtualIp" | "port">,
  { nodeNames }: Pick<Surroundings, "nodeNames">,
  tell: Tell,
  remarks: readonly string[],
): ImportedService {
  const called = distinctNames(nodeNames);
  const seen = new Set<string>();
  const servers = pool.servers.flatMap((server): ImportedServer[] => {
    const { ip, weight, backup, portOffset } = server;
    const port = Math.min(Math.max(server.port ?? place.port + portOffset, 1), 65535);
    const key = `${ip.text} ${port}`;
    if (seen.has(key)) {
      tell(server, "lost", `server ${server.name}`, "the same address and port stands in the pool already");
      return [];
    }
    seen.add(key);
    return [{ name: called(server.name, "server"), address: ip.text, port, weight, backup }];
  });
  const { balance, transparent, check } = pool;
  return {
    ...place,
    mode: "proxy",
    balance,
    transparent,
    check,
    servers,
    remarks: [...remarks, ...pool.remarks],
  };
}

function listeningAt(
  bind: Bind,
  entry: Entry,
  { virtualIps, segments }: Surroundings,
  tell: Tell,
): { readonly name: string; readonly remarks: string[] }[] {
  const { address } = bind;
  if (address !== null) {
    const named = virtualIps.find(({ addresses }) => addresses.includes(address.text));
    if (named !== undefined) return [{ name: named.name, remarks: [] }];
    tell(
      bind,
      "lost",
      `bind ${address.text}:${bind.port}`,
      "no keepalived file has it as a virtual IP, and a service listens at one",
      "point its clients to a virtual IP",
    );
    return [];
  }
  const candidates = virtualIps.filter(({ addresses }) =>
    addresses.some((text) => bind.families.includes(text.includes(":") ? 6 : 4)),
  );
  const served = (network: string): boolean =>
    entry.pool.servers.some(({ ip }) =>
      [...(segments.find(({ name }) => name === network)?.prefix.values() ?? [])].some((prefix) =>
        contains(prefix, ip),
      ),
    );
  // Clients are hardly where the servers are.
  const chosen = candidates.find(({ network }) => !served(network)) ?? candidates[0];
  if (chosen === undefined) {
    tell(bind, "lost", `bind at every address, port ${bind.port}`, "there is no virtual IP of that family");
    return [];
  }
  if (candidates.length === 1) return [{ name: chosen.name, remarks: [] }];
  tell(
    bind,
    "look",
    `bind at every address, port ${bind.port}`,
    `a service listens at one virtual IP; it has ${chosen.name}`,
    `where clients come to ${candidates
      .filter((each) => each !== chosen)
      .map(({ addresses }) => addresses.join(" and "))
      .join(", ")} too, write a second service`,
  );
  return [
    { name: chosen.name, remarks: [`listened at every address; the clients' is taken to be ${chosen.name}`] },
  ];
}
