import { z } from "zod";
import type { Host } from "../host/host.js";
import type { RenderedFile } from "../render/file.js";
import { paths } from "../render/paths.js";
import { vpnPaths } from "../render/vpn/places.js";
import { isVpnServer, vpnServices } from "../render/vpn/vpn-services.js";
import { parseManifest } from "./generation.js";
import type { Journal } from "./journal.js";
import { settingsIn } from "./kernel-settings.js";

const presentFile = z.object({ body: z.string(), mode: z.int(), user: z.string(), group: z.string() });

const originSchema = z.object({
  schema: z.literal("holdfast/origin/v1"),
  /** Each file that holdfast ever put in place, as it stood before; null where there was none. */
  files: z.array(z.object({ path: z.string(), before: presentFile.nullable() })),
  /** Kernel settings; those that the kernel did not know yet are missing. */
  settings: z.array(z.tuple([z.string(), z.string()])),
  links: z.array(z.object({ device: z.string(), mtu: z.int() })),
  /** Engines; `enabled` is null where nobody could say. */
  services: z.array(z.object({ name: z.string(), running: z.boolean(), enabled: z.boolean().nullable() })),
});

/** How a machine was before holdfast: what `holdfast remove` puts back. */
export type Origin = z.infer<typeof originSchema>;

export const originPath = `${paths.stateDir}/origin.json`;

/** Of which others may have made use before. */
const nodeEngines = ["keepalived", "haproxy", "conntrackd"] as const;

/** Those of the machine that these files are for. */
export const enginesOf = (files: readonly Pick<RenderedFile, "path">[]): readonly string[] =>
  isVpnServer(files) ? vpnServices(files).map(({ name }) => name) : nodeEngines;

export const noOrigin: Origin = {
  schema: "holdfast/origin/v1",
  files: [],
  settings: [],
  links: [],
  services: [],
};

/** Null before the first apply. Throws when somebody edited it: nothing may be put back on its word. */
export async function readOrigin(host: Host): Promise<Origin | null> {
  const text = await host.read(originPath);
  return text === null ? null : originSchema.parse(JSON.parse(text));
}

/** Before the journal of a change goes for good: what this change was the first one to touch. */
export async function noteOrigin(host: Host, journal: Journal): Promise<void> {
  const isFirst = journal.previous === null;
  // Where no generation ran everything stood as others had left it, whatever was noted once.
  const known = isFirst ? noOrigin : ((await readOrigin(host)) ?? noOrigin);
  const origin = widened(known, journal, isFirst ? new Set() : await filesOf(host, journal.previous));
  if (!isFirst && JSON.stringify(origin) === JSON.stringify(known)) return;
  const attributes = { mode: 0o600, user: "root", group: "root" };
  await host.swap(await host.stage(originPath, `${JSON.stringify(origin)}\n`, attributes), originPath);
}

/** What is noted already stays, and what the generation before had put there was not there before. */
function widened(known: Origin, journal: Journal, ours: ReadonlySet<string>): Origin {
  const files = new Set([...known.files.map(({ path }) => path), ...ours]);
  const sysctl = journal.files.find(({ path }) => isSysctl(path))?.before?.body ?? "";
  const keys = new Set([
    ...known.settings.map(([key]) => key),
    ...([...ours].some(isSysctl) ? settingsIn(sysctl).map(([key]) => key) : []),
  ]);
  const links = new Set(known.links.map(({ device }) => device));
  return {
    ...known,
    files: [
      ...known.files,
      ...journal.files.filter(({ path }) => !files.has(path)).map(({ path, before }) => ({ path, before })),
    ],
    settings: [...known.settings, ...journal.settings.filter(([key]) => !keys.has(key))],
    links: [...known.links, ...journal.routing.links.filter(({ device }) => !links.has(device))],
    services: journal.previous === null ? journal.services : known.services,
  };
}

const isSysctl = (path: string): boolean => path === paths.sysctl || path === vpnPaths.sysctl;

/** What the generation at this place had put on the disk; nothing where that cannot be read any more. */
async function filesOf(host: Host, place: string | null): Promise<Set<string>> {
  const text = await host.read(`${place}/manifest.json`);
  try {
    return new Set(text === null ? [] : parseManifest(text).files.map(({ path }) => path));
  } catch {
    return new Set();
  }
}
