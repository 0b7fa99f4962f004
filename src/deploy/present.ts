import type { Host } from "../host/host.js";
import { observeNatSessions } from "../observe/conntrack.js";
import { readManifest } from "../observe/kept-generation.js";
import type { FileEngine, RenderedFile } from "../render/file.js";
import { isVpnServer, vpnServices } from "../render/vpn/vpn-services.js";
import type { Cluster } from "../topology/cluster.js";
import type { PresentFile } from "./change.js";
import { readPool } from "./change-pool.js";
import { isForeign } from "./foreign-engines.js";
import { type Generation, generationAt, generationPaths } from "./generation.js";
import { readJournal } from "./journal.js";
import { noRouting } from "./kernel-routing.js";
import { wantedSettings } from "./kernel-settings.js";
import type { Present } from "./plan.js";
import { readRouting } from "./routing.js";
import { saveRules } from "./rules.js";
import { readSettings } from "./settings.js";
import type { ServiceName } from "./steps.js";

/** Reads what stands on the node now, of all that is desired and all that holdfast put there before. */
export async function readPresent(
  host: Host,
  desired: readonly RenderedFile[],
  cluster: Cluster,
): Promise<Present> {
  const current = await readManifest(host);
  const all = [...desired, ...(current?.files ?? [])];
  const known = new Set(all.map((file) => file.path));
  const has = (engine: FileEngine) => all.some((file) => file.engine === engine);
  const [files, numbers, rules4, rules6, settings, routing, pool, natSessions, running, journal] =
    await Promise.all([
      Promise.all([...known].map(async (path) => [path, await readFile(host, path)] as const)),
      readNumbers(host),
      has("iptables") ? saveRules(host, 4) : "",
      has("ip6tables") ? saveRules(host, 6) : "",
      readSettings(
        host,
        wantedSettings(desired).map(([key]) => key),
      ),
      has("routes") ? readRouting(host) : noRouting,
      has("haproxy") ? readPool(host) : null,
      // Where conntrack(8) is not installed nobody can count; the plan is as good without.
      observeNatSessions(host, cluster).catch(() => new Map<string, number>()),
      readRunning(host, all),
      readJournal(host),
    ]);
  return {
    files: new Map(files),
    current,
    numbers,
    rules: { 4: rules4, 6: rules6 },
    settings,
    routing,
    pool,
    natSessions,
    ...running,
    interrupted: journal !== null,
  };
}

/** The generations on the node's disk, in no order. */
export async function readGenerations(host: Host): Promise<Generation[]> {
  const names = await host.list(generationPaths.directory);
  return names.flatMap((name) => generationAt(name) ?? []);
}

/** Numbers of the generations on the node's disk. */
export const readNumbers = async (host: Host): Promise<number[]> =>
  (await readGenerations(host)).map(({ number }) => number);

/** Throws for a file that is not text: it could not be put back byte for byte. */
export async function readFile(host: Host, path: string): Promise<PresentFile | null> {
  const [body, status] = [await host.read(path), await host.status(path)];
  if (body === null || status === null) return null;
  if (body.includes("\uFFFD"))
    throw new Error(`${host.name}: ${path} is not UTF-8 text; move it out of the way first`);
  return { body, mode: status.mode, user: status.user, group: status.group };
}

async function readRunning(
  host: Host,
  files: readonly Pick<RenderedFile, "path">[],
): Promise<Pick<Present, "running" | "foreign">> {
  const engines: ServiceName[] = isVpnServer(files)
    ? vpnServices(files).map(({ name }) => name)
    : ["keepalived", "haproxy", "conntrackd", "holdfast-multiplexer"];
  const names = [...new Set<ServiceName>([...engines, "holdfast-agent"])];
  const statuses = await Promise.all(names.map((name) => host.services.status(name)));
  const foreign = await Promise.all(
    names.map(async (name, index) => {
      const pid = statuses[index]?.pid ?? null;
      if (pid === null || (name !== "keepalived" && name !== "haproxy")) return [];
      return isForeign(name, await host.read(`/proc/${pid}/cmdline`)) ? [name] : [];
    }),
  );
  return {
    running: new Set(names.filter((_name, index) => statuses[index]?.running)),
    foreign: new Set(foreign.flat()),
  };
}
