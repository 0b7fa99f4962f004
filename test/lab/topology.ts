import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";

/** An example's cluster under a name of the test's own: its lab meets nobody else's. */
export const exampleCluster = (example: string, name: string): Cluster => edited(example, name, []);

/** The pair, and beside its proxy service one that the kernel translates. */
export const withNatService = (name: string): Cluster =>
  edited("pair", name, [
    [
      "\nnat:\n",
      `
  - name: telemetry
    listen: { virtual_ip: controller-ip, port: 7000 }
    mode: nat
    balance: source
    health_check: { type: tcp }
    servers:
      - { name: t1, address: 10.0.2.21, port: 7000 }
      - { name: t2, address: 10.0.2.22, port: 7000 }

nat:
`,
    ],
  ]);

/** The pair and a third node. */
export const threeNodes = (name: string): Cluster =>
  edited("pair", name, [
    [
      "\nfailover:\n",
      `
  - name: lb-c
    interfaces:
      switches:    { device: eth1, address: 10.0.1.4 }
      controllers: { device: eth2, address: 10.0.2.4 }
      management:  { device: eth3, address: 10.0.9.4 }

failover:
`,
    ],
  ]);

function edited(example: string, name: string, edits: readonly (readonly [string, string])[]): Cluster {
  const text = edits.reduce(
    (before, [from, to]) => {
      if (!before.includes(from)) throw new Error(`${example} has no ${JSON.stringify(from)}`);
      return before.replace(from, to);
    },
    readFileSync(`examples/${example}.yaml`, "utf8"),
  );
  const { cluster, problems } = loadTopology(text);
  if (cluster === null) throw new Error(`${example} is not valid: ${JSON.stringify(problems)}`);
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
