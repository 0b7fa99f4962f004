import { readFileSync } from "node:fs";
import { configureNodes } from "../../src/cli/lab-up.js";
import type { Lab } from "../../src/lab/lab.js";
import { paths } from "../../src/render/paths.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";
import { expert } from "./expert.js";
import type { HandWritten } from "./hand-written.js";
import { stage } from "./stage.js";
import { tutorial } from "./tutorial.js";

/** Two load balancers in the lab of examples/pair.yaml, and how they came by their configuration. */
export interface Pair {
  readonly name: string;
  /** Milliseconds without a change after which nothing more is to come: scripts have looked, nobody preempts. */
  readonly rest: number;
  configure(lab: Lab, signal: AbortSignal): Promise<void>;
}

/** What holdfast makes of the topology. */
export const ours: Pair = { name: "holdfast", rest: 3_000, configure: configureNodes(benchTopology()) };

export const tutorialPair: Pair = {
  name: "tutorial",
  rest: 8_000,
  configure: (lab) => byHand(lab, tutorial),
};

export const expertPair: Pair = { name: "expert", rest: 3_000, configure: (lab) => byHand(lab, expert) };

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
  const { cluster } = loadTopology(benchTopology());
  if (cluster === null) throw new Error("examples/pair.yaml is not valid");
  return cluster;
}
