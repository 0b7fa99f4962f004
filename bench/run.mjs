import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

// The benches are TypeScript that imports src/ as the tests do; vite, which vitest brings, runs both without a build.
const root = fileURLToPath(new URL("..", import.meta.url));
await runnerImport(fileURLToPath(new URL("main.ts", import.meta.url)), {
  root,
  configFile: false,
  logLevel: "error",
});
