import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

// Waits for the end of its input. Unless whoever held it open has said that there is nothing left, it removes the machines.
let said = "";
for await (const piece of process.stdin) said += piece;
if (!said.includes("released")) {
  const { module } = await runnerImport(fileURLToPath(new URL("down.ts", import.meta.url)), {
    root: fileURLToPath(new URL("..", import.meta.url)),
    configFile: false,
    logLevel: "error",
  });
  await module.machinesDown(process.argv[2]);
}
