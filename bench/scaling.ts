import { performance } from "node:perf_hooks";
import { renderCluster } from "../src/render/render.js";
import { loadTopology } from "../src/topology/load.js";
import { largeTopology } from "../test/topology/large.js";
import type { Bench } from "./bench.js";
import { median, spread } from "./statistics.js";

function timed(services: number): number {
  const text = largeTopology(services, 20);
  const start = performance.now();
  const { cluster } = loadTopology(text);
  if (cluster === null) throw new Error(`the topology of ${services} services is not valid`);
  renderCluster(cluster);
  return performance.now() - start;
}

/** Work that grows faster than the topology does would show here long before anybody's site does. */
export const scaling: Bench = {
  name: "scaling",
  summary: "validating and rendering 500 and 1,000 services of 20 servers",
  async run({ runs, progress }) {
    timed(50); // the first pass pays for compiling
    const few: number[] = [];
    const many: number[] = [];
    for (let run = 1; run <= Math.min(runs, 5); run++) {
      progress(`run ${run}`);
      few.push(timed(500));
      many.push(timed(1_000));
    }
    return [
      { name: "500 x 20", figure: median(few), unit: "ms", atMost: 3_000, detail: spread(few, 0) },
      { name: "1,000 x 20", figure: median(many), unit: "ms", atMost: null, detail: spread(many, 0) },
      {
        name: "twice the services",
        figure: Math.min(...many) / Math.min(...few),
        unit: "x",
        atMost: 2.3,
        detail: "the fastest run of each: whatever else runs here only adds",
      },
    ];
  },
};
