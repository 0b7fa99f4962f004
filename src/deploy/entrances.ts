import { paths } from "../render/paths.js";
import type { Change } from "./change.js";

/**
 * Where clients can no longer enter: `10.0.1.100:6653`, by service. An address that a service still has in the new file
 * is none of them, and neither is one that another service took over.
 */
export function closedEntrances(changes: readonly Change[]): Map<string, string[]> {
  const closed = new Map<string, string[]>();
  for (const { path, engine, before, after } of changes) {
    const read = readers[path === paths.haproxyCfg ? "haproxy" : engine];
    if (read === undefined) continue;
    const open = new Set(read(after?.body ?? "").map(([endpoint]) => endpoint));
    for (const [endpoint, service] of read(before?.body ?? ""))
      if (!open.has(endpoint)) closed.set(service, [...(closed.get(service) ?? []), endpoint]);
  }
  return closed;
}

type Entrances = [endpoint: string, service: string][];

/** A service's section of haproxy.cfg, and the rule that leads into a `nat` service's chain. */
const readers: Readonly<Record<string, (body: string) => Entrances>> = {
  haproxy: (body) =>
    [...body.matchAll(/^frontend (\S+)\n((?: {4}bind \S+\n)+)/gm)].flatMap(([, service = "", binds = ""]) =>
      [...binds.matchAll(/bind (\S+)/g)].map(([, endpoint = ""]): [string, string] => [endpoint, service]),
    ),
  iptables: (body) => natEntrances(body),
  ip6tables: (body) => natEntrances(body),
};

const natEntrances = (body: string): Entrances =>
  [...body.matchAll(/-d (\S+)\/(?:32|128) .*--dport (\d+) -j HOLDFAST-([a-z0-9]\S*)$/gm)].map(
    ([, address = "", port = "", service = ""]) => [
      address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`,
      service,
    ],
  );
