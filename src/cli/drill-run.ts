import type { Drill } from "../drill/drill.js";
import type { DrillResult } from "../drill/report.js";
import { type RunOptions, runDrill, type Subject } from "../drill/run.js";

/** Runs the drills one after the other, telling on stderr what happens. */
export async function runDrills(
  subject: Subject,
  drills: readonly Drill[],
  signal: AbortSignal,
): Promise<DrillResult[]> {
  const results: DrillResult[] = [];
  for (const [index, drill] of drills.entries()) {
    const say: RunOptions["progress"] = (text) =>
      void process.stderr.write(`[${index + 1}/${drills.length}] ${drill.name}: ${text}\n`);
    const result = await runDrill(drill, subject, { progress: say, signal });
    say(result.verdict.pass ? "pass" : `FAIL: ${result.verdict.reasons.join("; ")}`);
    results.push(result);
  }
  return results;
}
