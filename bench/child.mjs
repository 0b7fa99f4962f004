import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

// A process of a bench's own: `child.mjs FILE ARGUMENT...` runs a file of this folder, as run.mjs runs the benches.
const root = fileURLToPath(new URL("..", import.meta.url));
await runnerImport(fileURLToPath(new URL(process.argv[2], import.meta.url)), {
  root,
  configFile: false,
  logLevel: "error",
});
