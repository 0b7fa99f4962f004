import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { labDown } from "../src/lab/down.js";
import { labUp } from "../src/lab/up.js";
import { loadTopology } from "../src/topology/load.js";
import type { Bar, Bench } from "./bench.js";
import { benchTopology, ours } from "./pairs/pair.js";
import { median, spread } from "./statistics.js";

const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** The pair's topology with one controller more; ever another weight is ever another text, which nobody has rendered. */
const withServer = (weight: number): string =>
  benchTopology().replace(
    /^( *)- \{ name: c3,.*$/m,
    (c3, indent) => `${c3}\n${indent}- { name: c4, address: 10.0.2.14, port: 6653, weight: ${weight} }`,
  );

/** What an operator waits for: from the shell's start of Node to the answer that all nodes keep it. */
export const apply: Bench = {
  name: "apply",
  summary: "wall time of 'holdfast apply --lab --yes', as built, with nothing to do and with one server more",
  async run({ runs, progress, signal }) {
    const { cluster } = loadTopology(withServer(1));
    if (cluster === null) throw new Error("the topology with one server more is not valid");
    const directory = await mkdtemp(join(tmpdir(), "holdfast-bench-"));
    const file = join(directory, "topology.yaml");
    const timed = async (text: string): Promise<number> => {
      await writeFile(file, text);
      const start = performance.now();
      await promisify(execFile)(process.execPath, [program, "apply", "--lab", "--yes", "-f", file], {
        signal,
      });
      return performance.now() - start;
    };
    const times = { unchanged: [] as number[], added: [] as number[], removed: [] as number[] };
    progress("starting the lab");
    try {
      await labUp(cluster, { switches: 0, signal, configure: ours.configure });
      for (let run = 1; run <= runs; run++) {
        times.unchanged.push(await timed(benchTopology()));
        times.added.push(await timed(withServer(run)));
        times.removed.push(await timed(benchTopology()));
        progress(`${run}/${runs}: ${Object.values(times).map((each) => `${each.at(-1)?.toFixed(0)} ms`)}`);
      }
    } finally {
      await labDown(cluster.name);
      await rm(directory, { recursive: true });
    }
    const bar = (name: string, values: readonly number[], atMost: number | null): Bar => ({
      ...{ name, unit: "ms", atMost },
      figure: median(values),
      detail: spread(values, 0),
    });
    return [
      bar("apply, no change", times.unchanged, 1_500),
      bar("apply, a server more", times.added, 1_500),
      bar("apply, a server less", times.removed, 1_500),
    ];
  },
};
