// Writes docs/reference/ from the compiled program.
//
// usage: node scripts/reference.mjs
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { holdfastProgram } from "../dist/cli/program.js";
import { starterTopology } from "../dist/cli/starter.js";
import { referencePages } from "../dist/manual/reference/reference.js";

const directory = join(dirname(dirname(fileURLToPath(import.meta.url))), "docs/reference");
mkdirSync(directory, { recursive: true });
for (const { file, body } of await referencePages(holdfastProgram(), starterTopology)) {
  writeFileSync(join(directory, file), body);
  process.stdout.write(`docs/reference/${file}\n`);
}
