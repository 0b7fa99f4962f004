import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cannotBoot, surroundings } from "../../machines/requirements.js";
import { labDirectory, namespacePrefix } from "../../src/lab/names.js";
import { until } from "../../src/lab/readiness.js";
import { namesInRegistry } from "../../src/lab/registry.js";

const cluster = "doomed";
const obstacle = cannotBoot(surroundings());
const places = [
  "/sys/fs/cgroup/systemd",
  "/sys/fs/cgroup/unified",
  "/sys/fs/cgroup",
  "/run/systemd/nspawn/propagate",
];

/** Everything of the run that this computer still has. */
const leftovers = (): string[] => [
  ...namesInRegistry().filter((name) => name.startsWith(namespacePrefix(cluster))),
  ...places
    .filter(existsSync)
    .flatMap((place) => readdirSync(place).filter((name) => name.includes(cluster))),
  ...(existsSync(labDirectory(cluster)) ? [labDirectory(cluster)] : []),
];

describe.skipIf(obstacle !== null)(
  `the machines of a run${obstacle === null ? "" : ` (${obstacle})`}`,
  () => {
    // Ctrl-C may leave it time for a word, or not; a run that is killed outright says none.
    test.for(["SIGINT", "SIGKILL"] as const)("that ends by %s are removed all the same", async (signal) => {
      const run = spawn(process.execPath, ["test/machines/doomed-run.mjs", cluster], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [said] = await once(run.stdout, "data");
      expect(String(said)).toBe("up\n");
      expect(leftovers()).toContain(`${namespacePrefix(cluster)}lb-a`);
      run.kill(signal);
      await once(run, "exit");
      const nothing = async (): Promise<boolean> => leftovers().length === 0;
      await until("nothing of it is left", nothing, {
        patience: 60_000,
        signal: new AbortController().signal,
      });
    });
  },
);
