import { planOf, usage } from "./plan.js";
import { generate } from "./run.js";

/**
 * Runs on a machine of the lab: generated switches that send PACKET_INs and wait for what a controller makes of them, in
 * the spirit of cbench. Prints one JSON document (`LoadReport`) when it is done, or is ended by SIGTERM.
 */
try {
  const plan = planOf(process.argv.slice(2));
  const ended = new AbortController();
  process.once("SIGTERM", () => ended.abort());
  const report = await generate(plan, ended.signal);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
  process.exit(1);
}
