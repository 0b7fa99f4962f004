import { availableParallelism, loadavg, release } from "node:os";
import { parseArgs } from "node:util";
import { type Bar, holds, table } from "./bench.js";
import { benches } from "./benches.js";

/** `npm run bench -- [NAME...] [--runs N] [--minutes N] [--seed N] [--json]`: exit 0 when every bar holds, else 1. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string" },
    minutes: { type: "string" },
    seed: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
const wanted = (value: string | undefined): number | null => (value === undefined ? null : Number(value));
const [runs, minutes, seed] = [wanted(values.runs), wanted(values.minutes), wanted(values.seed)];
const nonsense = [runs, minutes, seed].some((each) => each !== null && (!Number.isInteger(each) || each < 1));
if (unknown.length > 0 || nonsense) {
  const names = benches.map(({ name }) => name).join("] [");
  process.stderr.write(`bench: [${names}] [--runs N] [--minutes N] [--seed N] [--json]\n`);
  process.exit(1);
}

const abort = new AbortController();
process.once("SIGINT", () => abort.abort(new Error("interrupted")));
process.once("SIGTERM", () => abort.abort(new Error("interrupted")));

const bars: (Bar & { readonly bench: string })[] = [];
let failed = false;
for (const bench of benches) {
  if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
  if (abort.signal.aborted) break;
  const progress = (text: string): void => void process.stderr.write(`${bench.name}: ${text}\n`);
  progress(bench.summary);
  try {
    const much = { runs: runs ?? bench.runs ?? 10, minutes: minutes ?? bench.minutes ?? 30 };
    const chance = { seed: seed ?? 1 + (Date.now() % 1_000_000) };
    const measured = await bench.run({ ...much, ...chance, progress, signal: abort.signal });
    bars.push(...measured.map((bar) => ({ bench: bench.name, ...bar })));
  } catch (error) {
    // What the others took an hour to measure is not thrown away for it.
    failed = true;
    progress(
      abort.signal.aborted ? "interrupted" : `gave up: ${error instanceof Error ? error.stack : error}`,
    );
  }
}

const pass = !failed && bars.every(holds);
if (values.json) {
  const document = {
    ...{ schema: "holdfast/bench/v1", pass, at: new Date().toISOString() },
    machine: { processors: availableParallelism(), load: loadavg(), kernel: release() },
    bars: bars.map((bar) => ({ ...bar, holds: holds(bar) })),
  };
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
(values.json ? process.stderr : process.stdout).write(`${table(bars)}\n`);
process.exitCode = pass ? 0 : 1;
