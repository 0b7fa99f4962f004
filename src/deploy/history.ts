import type { HistoryEntry } from "../api/documents.js";
import type { Host } from "../host/host.js";
import {
  type Generation,
  generationAt,
  generationPaths,
  isSame,
  label,
  type Manifest,
  parseManifest,
} from "./generation.js";
import { readGenerations } from "./present.js";

/** A generation of the node that only runs until somebody confirms it, or its time is over. */
export interface Trial {
  readonly number: number;
  /** ISO 8601. */
  readonly confirmBy: string;
}

/** All that a node still knows of what it ran. */
export interface History {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** Sentences: generations whose manifest cannot be read. They are passed over. */
  readonly damaged: readonly string[];
}

export async function readHistory(host: Host, trial: Trial | null = null): Promise<History> {
  const [generations, current] = await Promise.all([readGenerations(host), readCurrent(host)]);
  const read = await Promise.all(
    generations.map((generation) =>
      readEntry(host, generation, current, trial).catch((error: unknown) =>
        error instanceof Error ? error.message : String(error),
      ),
    ),
  );
  return {
    entries: read
      .filter((entry): entry is HistoryEntry => entry !== null && typeof entry !== "string")
      .sort((a, b) => b.number - a.number),
    damaged: read.filter((entry): entry is string => typeof entry === "string"),
  };
}

/** What a generation was made of. */
export interface PastGeneration {
  readonly entry: HistoryEntry;
  /** As the operator wrote it; null for a generation that was made before topologies were kept. */
  readonly topology: string | null;
}

/**
 * One generation, or null when the node has none of that number. Throws when it is damaged. Where a change is about to
 * replace one by another of the same number, the one that runs.
 */
export async function readGeneration(
  host: Host,
  number: number,
  trial: Trial | null = null,
): Promise<PastGeneration | null> {
  const [all, current] = await Promise.all([readGenerations(host), readCurrent(host)]);
  const [first, ...others] = all.filter((one) => one.number === number);
  const generation = others.find((one) => isSame(one, current)) ?? first;
  if (generation === undefined) return null;
  const entry = await readEntry(host, generation, current, trial);
  return entry && { entry, topology: await readTopology(host, generation) };
}

/** A generation's topology as it was written; null where none was kept. */
export const readTopology = (host: Host, generation: Generation): Promise<string | null> =>
  host.read(generationPaths.topology(generation));

/** Null for a directory without a manifest: an apply is about to write it, or a crash kept it from doing so. */
async function readEntry(
  host: Host,
  generation: Generation,
  current: Generation | null,
  trial: Trial | null,
): Promise<HistoryEntry | null> {
  const text = await host.read(generationPaths.manifest(generation));
  if (text === null) return null;
  const refuse = (why: string) => new Error(`generation ${generation.number} is damaged: ${why}`);
  let manifest: Manifest;
  try {
    manifest = parseManifest(text);
  } catch {
    throw refuse("its manifest is not one");
  }
  if (!isSame(manifest, generation)) throw refuse(`its manifest says ${label(manifest)}`);
  return entryOf(manifest, isSame(generation, current), trial);
}

const entryOf = (
  { number, digest, createdAt, author, message, program }: Manifest,
  current: boolean,
  trial: Trial | null,
): HistoryEntry => ({
  number,
  digest,
  at: createdAt,
  author,
  message,
  program,
  current,
  confirm_by: trial?.number === number ? trial.confirmBy : null,
});

/** The generation that runs, damaged or not; null before the first apply. */
const readCurrent = async (host: Host): Promise<Generation | null> =>
  generationAt((await host.linked(generationPaths.current)) ?? "");
