import type { Host } from "../host/host.js";
import { sameFile } from "./change.js";
import { generationPaths } from "./generation.js";
import { type Journal, readJournal, removeJournal } from "./journal.js";
import { readFile } from "./present.js";
import { undoStep } from "./run-step.js";
import type { Step } from "./steps.js";

/**
 * Puts a node back as the journal remembers it: files byte for byte with mode and owner, then engines. Goes on after
 * an error, and throws all of them together; the journal then stays, and the next apply tries again.
 */
export async function undo(host: Host, journal: Journal, begun: readonly Step[]): Promise<void> {
  const errors: string[] = [];
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      errors.push(error instanceof Error ? error.message : String(error));
    }
  };
  for (const file of journal.files) await attempt(() => putBack(host, file));
  for (const step of begun) await attempt(() => undoStep(host, step, journal));
  await attempt(() => forgetGeneration(host, journal));
  if (errors.length === 0) await attempt(() => removeJournal(host));
  if (errors.length > 0) throw new Error(errors.join("\n"));
}

async function putBack(host: Host, { path, staged, before }: Journal["files"][number]): Promise<void> {
  if (staged !== null) await host.remove(staged);
  // What was not reached yet needs no writing: the disk may be full.
  if (sameFile(await readFile(host, path), before)) return;
  if (before === null) return host.remove(path);
  const { body, ...attributes } = before;
  await host.swap(await host.stage(path, body, attributes), path);
}

async function forgetGeneration(host: Host, { generation, previous }: Journal): Promise<void> {
  if (previous === null) await host.remove(generationPaths.current);
  else await host.link(previous, generationPaths.current);
  const place = generationPaths.of(generation);
  if (place !== previous) await host.remove(place);
}

/** Undoes an apply that a crash interrupted. Says whether there was one. */
export async function recover(host: Host): Promise<boolean> {
  const journal = await readJournal(host);
  if (journal === null) return false;
  await undo(host, journal, journal.steps);
  return true;
}
