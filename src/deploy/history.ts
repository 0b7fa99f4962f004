import type { HistoryEntry } from "../api/documents.js";
import type { Host } from "../host/host.js";
import { generationPaths, type Manifest, parseManifest } from "./generation.js";
import { readNumbers } from "./present.js";

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
  const [numbers, current] = await Promise.all([readNumbers(host), currentNumber(host)]);
  const read = await Promise.all(
    numbers.map((number) =>
      readEntry(host, number, current, trial).catch(
        (error: unknown) => `generation ${number} is damaged: ${reason(error)}`,
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

/** One generation, or null when the node has none of that number. Throws when it is damaged. */
export async function readGeneration(
  host: Host,
  number: number,
  trial: Trial | null = null,
): Promise<PastGeneration | null> {
  const entry = await readEntry(host, number, await currentNumber(host), trial);
  return entry && { entry, topology: await host.read(generationPaths.topology(number)) };
}

/** Null for a directory without a manifest: an apply is about to write it, or a crash kept it from doing so. */
async function readEntry(
  host: Host,
  number: number,
  current: number | null,
  trial: Trial | null,
): Promise<HistoryEntry | null> {
  const text = await host.read(generationPaths.manifest(number));
  if (text === null) return null;
  const manifest = parseManifest(text);
  if (manifest.number !== number) throw new Error(`its manifest says ${manifest.number}`);
  return entryOf(manifest, number === current, trial);
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

/** The number of the generation that runs; null before the first apply, and when its manifest cannot be read. */
async function currentNumber(host: Host): Promise<number | null> {
  const text = await host.read(generationPaths.currentManifest);
  try {
    return text === null ? null : parseManifest(text).number;
  } catch {
    return null; // It is among the damaged ones, and said there.
  }
}

/** The first line of an error: the schema's own are long. */
const reason = (error: unknown): string =>
  error instanceof SyntaxError || (error instanceof Error && error.message.startsWith("["))
    ? "its manifest is not one"
    : error instanceof Error
      ? error.message
      : String(error);
