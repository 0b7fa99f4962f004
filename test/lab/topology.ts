import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";

/** An example's cluster under a name of the test's own: its lab meets nobody else's. */
export function exampleCluster(example: string, name: string): Cluster {
  const { cluster } = loadTopology(readFileSync(`examples/${example}.yaml`, "utf8"));
  if (cluster === null) throw new Error(`${example} is not valid`);
  return { ...cluster, name };
}

/** A lab runs the built program: builds it when a source is newer. */
export function ensureBuilt(): void {
  const built = statSync("dist/cli/main.js", { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const newest = Math.max(
    ...readdirSync("src", { recursive: true, encoding: "utf8" }).map(
      (file) => statSync(join("src", file)).mtimeMs,
    ),
  );
  if (newest > built)
    execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });
}
