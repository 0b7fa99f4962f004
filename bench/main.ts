import { parseArgs } from "node:util";
import { type Bar, holds, table } from "./bench.js";
import { benches } from "./benches.js";

/** `npm run bench -- [NAME...] [--runs N] [--json]`: exit 0 when every bar holds, else 1. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string", default: "10" }, json: { type: "boolean", default: false } },
});

const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
const runs = Number(values.runs);
if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
  process.stderr.write(`bench: [${benches.map(({ name }) => name).join("] [")}] [--runs N] [--json]\n`);
  process.exit(1);
}

const abort = new AbortController();
process.once("SIGINT", () => abort.abort(new Error("interrupted")));
process.once("SIGTERM", () => abort.abort(new Error("interrupted")));

const bars: Bar[] = [];
for (const bench of benches) {
  if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
  const progress = (text: string): void => void process.stderr.write(`${bench.name}: ${text}\n`);
  progress(bench.summary);
  bars.push(...(await bench.run({ runs, progress, signal: abort.signal })));
}

const pass = bars.every(holds);
if (values.json)
  process.stdout.write(`${JSON.stringify({ schema: "holdfast/bench/v1", runs, pass, bars }, null, 2)}\n`);
else process.stdout.write(`${table(bars)}\n`);
process.exitCode = pass ? 0 : 1;
