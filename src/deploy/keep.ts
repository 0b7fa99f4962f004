import type { Host } from "../host/host.js";
import { generationAt, generationPaths, outdated } from "./generation.js";
import { readJournal, removeJournal } from "./journal.js";
import { noteOrigin } from "./origin.js";
import { readGenerations } from "./present.js";

/** Ends an apply for good: nothing can put it back any more, and history forgets what it need not keep. */
export async function keep(host: Host): Promise<void> {
  // A damaged one says nothing; the change was kept all the same.
  const journal = await readJournal(host).catch(() => null);
  if (journal !== null) await noteOrigin(host, journal);
  await removeJournal(host);
  const current = generationAt((await host.linked(generationPaths.current)) ?? "");
  if (current === null) return;
  for (const generation of outdated(await readGenerations(host), current))
    await host.remove(generationPaths.of(generation));
}
