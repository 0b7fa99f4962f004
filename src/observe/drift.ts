import type { PresentFile } from "../deploy/change.js";
import { generationPaths } from "../deploy/generation.js";
import { wantedRouting } from "../deploy/kernel-routing.js";
import { wantedSettings } from "../deploy/kernel-settings.js";
import { readRouting } from "../deploy/routing.js";
import { saveRules } from "../deploy/rules.js";
import { readSettings } from "../deploy/settings.js";
import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import { type Deviation, fileDeviation, unknownDeviation } from "./deviation.js";
import { type KeptGeneration, readKept } from "./kept-generation.js";
import { routingDeviations, ruleDeviation, settingDeviations } from "./kernel-deviation.js";
import { lookAtPool } from "./pool-look.js";
import { someAtOnce } from "./some-at-once.js";

/** What iptables-save and ip6tables-save say. */
export type SavedRules = Readonly<Record<4 | 6, string>>;

/** Of a node whose generation cannot be read nothing can be compared. */
export const damage = unknownDeviation(generationPaths.currentManifest, "it is damaged: apply again");

/** Where a node differs from its own generation in files, kernel settings, routes and servers; its rules are told apart. */
export async function observeDrift(host: Host): Promise<Deviation[]> {
  const kept = await readKept(host).catch(() => "damaged" as const);
  if (kept === null) return [];
  if (kept === "damaged") return [damage];
  const looks = [observeFiles, observeSettings, observeRouting, lookAtPool];
  return (await Promise.all(looks.map((look) => look(host, kept)))).flat();
}

export async function observeFiles(host: Host, kept: KeptGeneration): Promise<Deviation[]> {
  const found = await someAtOnce(kept.files, async (file) => {
    const present = await readPresent(host, file.path);
    return typeof present === "string" ? unknownDeviation(file.path, present) : fileDeviation(file, present);
  });
  return [
    ...found.filter((deviation) => deviation !== null),
    ...kept.lost.map((path) => unknownDeviation(path, "the generation's copy is not what was rendered")),
  ];
}

/** Bytes of a file that are read; nothing of ours comes near. */
const longest = 8 * 1024 * 1024;

/** The file that stands there, null for none, or why it is not read: anything may have been put in its place. */
async function readPresent(host: Host, path: string): Promise<PresentFile | string | null> {
  const status = await host.status(path);
  if (status === null) return null;
  if (status.size > longest) return `it has ${status.size} bytes`;
  try {
    const body = await host.read(path);
    if (body === null) return null;
    return { body, mode: status.mode, user: status.user, group: status.group };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const ruleFiles = { 4: paths.rulesV4, 6: paths.rulesV6 } as const;

export const saveAllRules = async (host: Host): Promise<SavedRules> => {
  const [v4, v6] = await Promise.all([saveRules(host, 4), saveRules(host, 6)]);
  return { 4: v4, 6: v6 };
};

export const ruleDeviations = (kept: KeptGeneration, saved: SavedRules): Deviation[] =>
  ([4, 6] as const).flatMap((family) => {
    const rendered = kept.files.find(({ path }) => path === ruleFiles[family])?.body;
    return (rendered !== undefined && ruleDeviation(family, rendered, saved[family])) || [];
  });

export async function observeSettings(host: Host, kept: KeptGeneration): Promise<Deviation[]> {
  const wanted = wantedSettings(kept.files);
  const kernel = await readSettings(
    host,
    wanted.map(([key]) => key),
  );
  return settingDeviations(wanted, kernel);
}

export async function observeRouting(host: Host, kept: KeptGeneration): Promise<Deviation[]> {
  if (kept.document === null) return [];
  return routingDeviations(wantedRouting(kept.document.cluster, kept.files), await readRouting(host));
}
