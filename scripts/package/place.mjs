import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Makes the directory, and takes packages out of it: whoever uses what stands there uses the last one. */
export function emptyPlace(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder).filter((name) => /^holdfast_.*\.deb$/.test(name)))
    rmSync(join(folder, name));
}
