import { generationPaths, type Manifest, parseManifest, sha256 } from "../deploy/generation.js";
import type { Host } from "../host/host.js";
import type { RenderedFile } from "../render/file.js";
import { type NodeDocument, parseNodeJson } from "../render/node-json.js";
import { paths } from "../render/paths.js";
import { someAtOnce } from "./some-at-once.js";

/** The manifest of the generation that runs; null before the first apply, and while it is damaged: an apply writes another. */
export async function readManifest(host: Host): Promise<Manifest | null> {
  const text = await host.read(generationPaths.currentManifest);
  try {
    return text === null ? null : parseManifest(text);
  } catch {
    return null;
  }
}

/** The generation that runs, as its own copies have it: an edited file cannot vouch for itself. */
export interface KeptGeneration {
  readonly number: number;
  /** Every file whose copy is what was rendered. */
  readonly files: readonly RenderedFile[];
  /** Files whose copy is missing or no longer what was rendered: nobody can say how they should stand. */
  readonly lost: readonly string[];
  /** What was rendered for the agent; null when that copy is lost. */
  readonly document: NodeDocument | null;
}

/** Null before the first apply. Throws when the manifest is damaged. */
export async function readKept(host: Host): Promise<KeptGeneration | null> {
  const text = await host.read(generationPaths.currentManifest);
  if (text === null) return null;
  const manifest = parseManifest(text);
  const read = await someAtOnce(manifest.files, async ({ sha256: digest, ...file }) => {
    const body = await host.read(generationPaths.file(manifest, file.path));
    return body !== null && sha256(body) === digest ? { ...file, body } : file.path;
  });
  const files = read.filter((file): file is RenderedFile => typeof file !== "string");
  const node = files.find(({ path }) => path === paths.nodeJson);
  return {
    number: manifest.number,
    files,
    lost: read.filter((file): file is string => typeof file === "string"),
    // Its digest says that this is what was rendered.
    document: node === undefined ? null : parseNodeJson(node.body),
  };
}
