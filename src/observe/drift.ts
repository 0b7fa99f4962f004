import { generationPaths, type Manifest, parseManifest, sha256 } from "../deploy/generation.js";
import { routingDifferences, wantedRouting } from "../deploy/kernel-routing.js";
import { wantedSettings } from "../deploy/kernel-settings.js";
import { readRouting } from "../deploy/routing.js";
import { readSettings } from "../deploy/settings.js";
import type { Host } from "../host/host.js";
import type { RenderedFile } from "../render/file.js";
import type { Cluster } from "../topology/cluster.js";

/** The manifest of the generation that runs, or null before the first apply. Throws when it is damaged. */
export async function readManifest(host: Host): Promise<Manifest | null> {
  const text = await host.read(generationPaths.currentManifest);
  return text === null ? null : parseManifest(text);
}

/**
 * Sentences: where a node's files, kernel settings and routes differ from its own generation. What was rendered is
 * read from the generation's copy, so that an edited file cannot vouch for itself.
 */
export async function observeDrift(host: Host, cluster: Cluster): Promise<string[]> {
  const manifest = await readManifest(host);
  if (manifest === null) return [];
  const files = await Promise.all(
    manifest.files.map(async (file): Promise<{ rendered: RenderedFile; drift: string[] }> => {
      const [present, kept] = await Promise.all([
        host.read(file.path),
        host.read(generationPaths.file(manifest.number, file.path)),
      ]);
      return { rendered: { ...file, body: kept ?? "" }, drift: fileDrift(file, present) };
    }),
  );
  const rendered = files.map((file) => file.rendered);
  const settings = wantedSettings(rendered);
  const [kernel, routing] = await Promise.all([
    readSettings(
      host,
      settings.map(([key]) => key),
    ),
    readRouting(host),
  ]);
  return [
    ...files.flatMap(({ drift }) => drift),
    ...settings
      .filter(([key, value]) => kernel.get(key) !== value)
      .map(([key, value]) => `${key} is ${kernel.get(key) ?? "unknown"} instead of ${value}`),
    ...routingDifferences(wantedRouting(cluster, rendered), routing),
  ];
}

function fileDrift(file: Manifest["files"][number], present: string | null): string[] {
  if (present === null) return [`${file.path} is missing`];
  return sha256(present) === file.sha256 ? [] : [`${file.path} was changed by hand`];
}
