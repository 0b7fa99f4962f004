import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { configureNodes } from "../../src/cli/lab-up.js";
import type { Lab } from "../../src/lab/lab.js";
import { type LabOptions, labUp } from "../../src/lab/up.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";

/** A topology as somebody wrote it, and what it means. */
export interface Written {
  readonly text: string;
  readonly cluster: Cluster;
}

/** An example under a name of the test's own: its lab meets nobody else's. */
export const example = (name: string, cluster: string): Written =>
  written(readFileSync(`examples/${name}.yaml`, "utf8").replace(/^cluster: .*$/m, `cluster: ${cluster}`));

/** The same with other words in it; each that is replaced has to be there. */
export const edited = ({ text }: Written, ...edits: readonly (readonly [string, string])[]): Written =>
  written(
    edits.reduce((before, [from, to]) => {
      if (!before.includes(from)) throw new Error(`the topology has no ${JSON.stringify(from)}`);
      return before.replace(from, to);
    }, text),
  );

function written(text: string): Written {
  const { cluster, problems } = loadTopology(text);
  if (cluster === null) throw new Error(`the topology is not valid: ${JSON.stringify(problems)}`);
  return { text, cluster };
}

/** A topology, and beside its proxy service one that the kernel translates. */
const withNat = (topology: Written): Written =>
  edited(topology, [
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
  ]);

export const withNatService = (name: string): Written => withNat(example("pair", name));

export const threeWithNat = (name: string): Written => withNat(threeNodes(name));

/** The pair and a third node. */
export const threeNodes = (name: string): Written =>
  edited(example("pair", name), [
    "\nfailover:\n",
    `
  - name: lb-c
    interfaces:
      switches:    { device: eth1, address: 10.0.1.4 }
      controllers: { device: eth2, address: 10.0.2.4 }
      management:  { device: eth3, address: 10.0.9.4 }

failover:
`,
  ]);

/** Brings its lab up, configured through the nodes' own agents. */
export const labFor = ({ cluster, text }: Written, options: Omit<LabOptions, "configure">): Promise<Lab> =>
  labUp(cluster, { ...options, configure: configureNodes(text) });

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
