import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Bar, Bench } from "./bench.js";
import type { FuzzKind, FuzzReport } from "./fuzz-worker.js";

const workers = 2;
const first = 1;

/** Megabytes by which a process may have grown after a collection, whatever it was fed. */
const mostGrowth = 32;

/** What a wire, a capture or a hostile switch can make of a connection: nothing of it may reach the master controller. */
export const mirrorFuzz = fuzz(
  "mirror-fuzz",
  "tap",
  500_000,
  "1000000 connections of any kind, from captured bytes to whole messages",
);

/** What two controllers and a switch can say on one session: every answer finds whoever asked. */
export const sharedFuzz = fuzz(
  "shared-fuzz",
  "shared",
  1_000_000,
  "1000000 sessions of a switch that two controllers share, in pieces of any size, and what is no OpenFlow",
);

/** What an operator, a slip of the hand or somebody hostile can write: refused, or rendered in its place. */
export const topologyFuzz = fuzz(
  "topology-fuzz",
  "topology",
  1_000_000,
  "1000000 topologies: valid, nearly valid and hostile",
);

/** @param seeds of each way that this kind has */
function fuzz(name: string, kind: FuzzKind, seeds: number, summary: string): Bench {
  return {
    name,
    summary,
    async run({ progress, signal }) {
      const started = performance.now();
      const share = seeds / workers;
      const reports = await Promise.all(
        Array.from({ length: workers }, (_, index) =>
          work(kind, first + index * share, share, progress, signal),
        ),
      );
      const seconds = (performance.now() - started) / 1_000;
      const sum = (of: (report: FuzzReport) => number) =>
        reports.reduce((total, each) => total + of(each), 0);
      const done = sum((report) => report.cases);
      const rate = Math.round(done / seconds);
      const growth = Math.max(...reports.map((report) => report.growth));
      for (const report of reports) for (const violation of report.violations) progress(violation);
      const detail = `${done} cases, seeds ${first} to ${first + seeds - 1} of each kind, ${rate} a second`;
      return [
        { name: "violations", figure: sum((report) => report.wrong), unit: "times", atMost: 0, detail },
        {
          name: "heap growth",
          figure: growth,
          unit: "MB",
          atMost: mostGrowth,
          detail: "the greater of two processes, since its 1,000th case",
        },
      ] satisfies Bar[];
    },
  };
}

async function work(
  kind: FuzzKind,
  from: number,
  count: number,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<FuzzReport> {
  const child = fork(
    fileURLToPath(new URL("child.mjs", import.meta.url)),
    ["fuzz-worker.ts", kind, String(from), String(count)],
    { execArgv: ["--expose-gc"], signal },
  );
  let last: FuzzReport | null = null;
  child.on("message", (report: FuzzReport) => {
    last = report;
    if (report.cases % 100_000 === 0)
      progress(`${report.cases} cases from ${from} on, ${report.wrong} wrong`);
  });
  const [code] = await once(child, "exit");
  if (last === null || code !== 0) throw new Error(`a process ended with exit code ${code}`);
  return last;
}
