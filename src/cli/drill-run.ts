import { type AnyDrill, isOfVpn } from "../drill/offered.js";
import type { RandomReport } from "../drill/random/random-result.js";
import { runRandom } from "../drill/random/random-run.js";
import type { AnyResult } from "../drill/report.js";
import { runDrill } from "../drill/run.js";
import type { RunOptions, Subject } from "../drill/subject.js";
import { runVpnDrill } from "../drill/vpn/vpn-run.js";

/** Runs the drills one after the other, telling on stderr what happens. */
export async function runDrills(
  subject: Subject,
  drills: readonly AnyDrill[],
  signal: AbortSignal,
): Promise<AnyResult[]> {
  const results: AnyResult[] = [];
  for (const [index, drill] of drills.entries()) {
    const say: RunOptions["progress"] = (text) =>
      void process.stderr.write(`[${index + 1}/${drills.length}] ${drill.name}: ${text}\n`);
    const options = { progress: say, signal };
    const result = isOfVpn(drill)
      ? await runVpnDrill(drill, subject, options)
      : await runDrill(drill, subject, options);
    say(result.verdict.pass ? "pass" : `FAIL: ${result.verdict.reasons.join("; ")}`);
    results.push(result);
  }
  return results;
}

/** Faults that overlap, of a seed that is told before the first. */
export async function runRandomFaults(
  subject: Subject,
  { faults, seed }: Pick<RandomReport, "faults" | "seed">,
  signal: AbortSignal,
): Promise<RandomReport> {
  const progress = (text: string) => void process.stderr.write(`[random] ${text}\n`);
  progress(`${faults} faults of seed ${seed}`);
  return { faults, seed, rounds: await runRandom(faults, seed, subject, { progress, signal }) };
}
