import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

// A run of the booted machines that is killed while they are up.
await runnerImport(fileURLToPath(new URL("doomed-run.ts", import.meta.url)), {
  root: fileURLToPath(new URL("../..", import.meta.url)),
  configFile: false,
  logLevel: "error",
});
