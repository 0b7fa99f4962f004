import { execFileSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import type { Bench } from "./bench.js";
import { median, spread } from "./statistics.js";

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** The command that operators and editors call most: from the shell's start of Node to its end. */
export const validateCli: Bench = {
  name: "validate",
  summary: "wall time of 'holdfast validate' on examples/pair.yaml, as built",
  async run({ runs }) {
    const times = Array.from({ length: runs }, () => {
      const start = performance.now();
      execFileSync(process.execPath, [
        path("dist/cli/main.js"),
        "validate",
        "-f",
        path("examples/pair.yaml"),
      ]);
      return performance.now() - start;
    });
    return [
      {
        name: "validate pair.yaml",
        figure: median(times),
        unit: "ms",
        atMost: 400,
        detail: spread(times, 0),
      },
    ];
  },
};
