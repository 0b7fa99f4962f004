import { dirname } from "node:path";
import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import { isClientPlace, vpnPaths } from "../render/vpn/places.js";
import { generationAt, generationPaths, parseManifest } from "./generation.js";
import { settingsIn } from "./kernel-settings.js";
import { originPath, readOrigin } from "./origin.js";
import { type Removal, removalOf } from "./removal.js";
import { bringRouting } from "./routing.js";
import { loadRules } from "./rules.js";
import { loadSettings, readSettings } from "./settings.js";
import { recover } from "./undo.js";

/** Looks what `remove` would do; null where nothing of holdfast stands. Changes nothing. */
export async function lookAtRemoval(host: Host): Promise<Removal | null> {
  const generation = generationAt((await host.linked(generationPaths.current)) ?? "");
  const manifest = await host.read(generationPaths.currentManifest);
  const sysctl = (await host.read(paths.sysctl)) ?? (await host.read(vpnPaths.sysctl));
  const own = [paths.nodeJson, paths.networkUnit, paths.sysctl, paths.routes, paths.rulesV4, paths.rulesV6];
  const standing = await Promise.all(own.map(async (path) => ((await host.status(path)) ? [{ path }] : [])));
  const listed = manifest === null ? [] : filesIn(manifest);
  const keys = settingsIn(sysctl ?? "").map(([key]) => key);
  return removalOf({
    generation,
    files: [...listed, ...standing.flat()],
    origin: await readOrigin(host),
    settings: [...(await readSettings(host, keys))],
  });
}

function filesIn(manifest: string): { path: string }[] {
  try {
    return parseManifest(manifest).files;
  } catch {
    return []; // Somebody edited it: what holdfast always writes is removed all the same.
  }
}

/**
 * Takes the machine back to before holdfast. keepalived ends first: its last advert gives the virtual IPs away at once.
 * Goes on behind what fails. Returns a sentence for each thing that was left.
 */
export async function remove(host: Host): Promise<string[]> {
  const left: string[] = [];
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      left.push(error instanceof Error ? error.message : String(error));
    }
  };
  // The agent would put back what is taken away.
  await attempt(() => stop(host, "holdfast-agent"));
  await attempt(() =>
    host.lock(async () => {
      // A change that is open, or on trial, goes back before anything is put back in its place.
      await attempt(() => recover(host));
      const removal = await lookAtRemoval(host);
      if (removal === null) return;
      for (const { name } of removal.services) await attempt(() => stop(host, name));
      if (removal.files.some(({ path }) => path === paths.multiplexerJson)) {
        await attempt(() => stop(host, "holdfast-multiplexer"));
        await attempt(() => host.services.disable("holdfast-multiplexer"));
      }
      await takeOutOfKernel(host, removal, attempt);
      if (removal.files.some(({ path }) => path === paths.networkUnit)) {
        await attempt(() => stop(host, "holdfast-network"));
        await attempt(() => host.services.disable("holdfast-network"));
      }
      for (const file of removal.files) await attempt(() => putBack(host, file));
      for (const place of clientPlaces(removal.files)) await attempt(() => dropEmpty(host, place));
      await attempt(() => host.remove(generationPaths.current));
      await attempt(() => host.services.reloadUnits());
      for (const service of removal.services) await attempt(() => resume(host, service));
      if (left.length === 0) await host.remove(originPath);
    }),
  );
  if (left.length === 0) await attempt(() => host.remove(paths.runDir));
  return left;
}

/** A unit that is not there need not be stopped. */
async function stop(host: Host, name: string): Promise<void> {
  try {
    await host.services.stop(name);
  } catch (error) {
    if ((await host.services.status(name)).running) throw error;
  }
}

type Attempt = (work: () => Promise<unknown>) => Promise<void>;

async function takeOutOfKernel(host: Host, { settings, links }: Removal, attempt: Attempt): Promise<void> {
  await attempt(() => loadRules(host, 4, ""));
  await attempt(() => loadRules(host, 6, ""));
  await attempt(() => bringRouting(host, { routes: [], links, wayBack: [] }));
  // One by one: a device that is gone by now is no reason to keep the others.
  for (const setting of settings) await attempt(() => loadSettings(host, [setting]));
}

async function putBack(host: Host, { path, before }: Removal["files"][number]): Promise<void> {
  if (before === null) return host.remove(path);
  const { body, ...attributes } = before;
  await host.swap(await host.stage(path, body, attributes), path);
}

/** Directories that holdfast made for files of its own (vpnPaths.clients). */
const clientPlaces = (files: Removal["files"]): Set<string> =>
  new Set(files.map(({ path }) => dirname(path)).filter(isClientPlace));

/** Whoever put something of their own there keeps it. */
async function dropEmpty(host: Host, directory: string): Promise<void> {
  if ((await host.list(directory)).length === 0) await host.remove(directory);
}

async function resume(host: Host, { name, resumes, disable }: Removal["services"][number]): Promise<void> {
  if (resumes) await host.services.start(name); // Which enables it.
  if (disable) await host.services.disable(name);
}
