import { paths } from "../render/paths.js";
import type { Change } from "./change.js";
import { poolOf } from "./pool.js";

/** Endpoints that a `nat` service's pool will no longer have, `10.0.2.13:6653`, by service; nothing of one that goes itself. */
export function leavingServers(changes: readonly Change[]): Map<string, string[]> {
  const change = changes.find(({ path }) => path === paths.haproxyCfg);
  const after = change?.after?.body ?? "";
  const [had, wanted] = [poolOf(change?.before?.body ?? ""), poolOf(after)];
  const leaving = new Map<string, string[]>();
  for (const [service, servers] of wanted ?? []) {
    // HAProxy lets clients of proxy services in itself, and lets their servers drain.
    if (after.includes(`\nfrontend ${service}\n`)) continue;
    const stay = new Set(servers.map(({ endpoint }) => endpoint));
    const gone = (had?.get(service) ?? [])
      .map(({ endpoint }) => endpoint)
      .filter((endpoint) => !stay.has(endpoint));
    if (gone.length > 0) leaving.set(service, gone);
  }
  return leaving;
}
