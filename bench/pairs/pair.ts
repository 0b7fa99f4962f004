import { readFileSync } from "node:fs";
import { configureNodes } from "../../src/cli/lab-up.js";
import type { Lab } from "../../src/lab/lab.js";
import { paths } from "../../src/render/paths.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";
import { detection } from "../../src/topology/timing.js";
import { expert } from "./expert.js";
import type { HandWritten } from "./hand-written.js";
import { stage } from "./stage.js";
import { tutorial, tutorialDetection } from "./tutorial.js";

/** Two load balancers in the lab of examples/pair.yaml, and how they came by their configuration. */
export interface Pair {
  readonly name: string;
  readonly cluster: Cluster;
  /** Milliseconds from the last advert of a node without power until the other takes over, at most. */
  readonly detection: number;
  /** Milliseconds without a change after which nothing more is to come: scripts have looked, nobody preempts. */
  readonly rest: number;
  configure(lab: Lab, signal: AbortSignal): Promise<void>;
}

/** What holdfast makes of a topology. */
export function ofTopology(name: string, text: string): Pair {
  const cluster = clusterOf(text);
  return { name, cluster, detection: detection(cluster), rest: 1_000, configure: configureNodes(text) };
}

export const ours: Pair = ofTopology("holdfast", benchTopology());

/** Adverts at the least interval that VRRPv3 has. */
export const ours10: Pair = ofTopology(
  "holdfast at 10 ms",
  benchTopology().replace(/^( *)profile: fast.*$/m, "$1advert_interval: 10ms"),
);

/** The same with a service beside it whose sessions the kernel translates. */
export const oursWithNat: Pair = ofTopology(
  "holdfast",
  benchTopology().replace(
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
  ),
);

export const tutorialPair: Pair = {
  ...{ name: "tutorial pair", cluster: benchCluster(), detection: tutorialDetection, rest: 8_000 },
  configure: (lab) => byHand(lab, tutorial),
};

/** Its adverts and priorities are those of `fast`. */
export const expertPair: Pair = {
  ...{ name: "expert's pair", cluster: benchCluster(), detection: ours.detection, rest: 1_000 },
  configure: (lab) => byHand(lab, expert),
};

async function byHand(lab: Lab, files: Readonly<Record<string, HandWritten>>): Promise<void> {
  for (const { name } of lab.cluster.nodes) {
    const own = files[name];
    if (!own) throw new Error(`nobody wrote files for ${name}`);
    await stage(
      lab.machine(name).host,
      { [paths.keepalivedConf]: own.keepalived, [paths.haproxyCfg]: own.haproxy },
      ["haproxy", "keepalived"],
    );
  }
}

/** examples/pair.yaml at the fastest profile, under a name of its own. */
export function benchTopology(): string {
  return readFileSync(new URL("../../examples/pair.yaml", import.meta.url), "utf8")
    .replace(/^cluster: .*$/m, "cluster: bench")
    .replace(/^( *profile:) \w+/m, "$1 fast");
}

export function benchCluster(): Cluster {
  return clusterOf(benchTopology());
}

function clusterOf(text: string): Cluster {
  const { cluster, problems } = loadTopology(text);
  if (cluster === null) throw new Error(`a bench's topology is not valid: ${problems[0]?.message}`);
  return cluster;
}
