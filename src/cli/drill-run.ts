import type { SafeDrill } from "../drill/drill.js";
import { runLive } from "../drill/live/live-run.js";
import type { LiveSubject } from "../drill/live/live-subject.js";
import { type AnyDrill, isOfVpn } from "../drill/offered.js";
import type { RandomReport, RandomResult } from "../drill/random/random-result.js";
import { runRandom } from "../drill/random/random-run.js";
import type { AnyResult } from "../drill/report.js";
import { runDrill } from "../drill/run.js";
import { type Subject, UnreadyError } from "../drill/subject.js";
import { runVpnDrill } from "../drill/vpn/vpn-run.js";

/** Runs the drills one after the other, telling on stderr what happens. */
export async function* runDrills(
  subject: Subject,
  drills: readonly AnyDrill[],
  signal: AbortSignal,
): AsyncGenerator<AnyResult> {
  for (const [index, drill] of drills.entries()) {
    const say = teller(index, drills);
    const options = { progress: say, signal };
    const result = isOfVpn(drill)
      ? await runVpnDrill(drill, subject, options)
      : await runDrill(drill, subject, options);
    say(verdictText(result));
    yield result;
  }
}

/** The same of safe drills, on real nodes. */
export async function* runLiveDrills(
  subject: LiveSubject,
  drills: readonly SafeDrill[],
  signal: AbortSignal,
): AsyncGenerator<AnyResult> {
  for (const [index, drill] of drills.entries()) {
    const say = teller(index, drills);
    const result = await runLive(drill, subject, { progress: say, signal });
    say(verdictText(result));
    yield result;
  }
}

const teller =
  (index: number, drills: readonly AnyDrill[]) =>
  (text: string): void =>
    void process.stderr.write(`[${index + 1}/${drills.length}] ${drills[index]?.name}: ${text}\n`);

const verdictText = ({ verdict }: AnyResult): string =>
  verdict.pass ? "pass" : `FAIL: ${verdict.reasons.join("; ")}`;

/** Rounds of faults that overlap, of a seed that is told before the first. */
export async function* runRandomFaults(
  subject: Subject,
  { faults, seed }: Pick<RandomReport, "faults" | "seed">,
  signal: AbortSignal,
): AsyncGenerator<RandomResult> {
  const progress = (text: string) => void process.stderr.write(`[random] ${text}\n`);
  progress(`${faults} faults of seed ${seed}`);
  yield* runRandom(faults, seed, subject, { progress, signal });
}

/** What was run, and what ended it early. */
export interface Ran<Result> {
  readonly results: readonly Result[];
  /** Why nothing more was run; null where all was. */
  readonly unready: string | null;
  /** What else than a cluster that was not ready ended it: the drills could not be run. */
  readonly failure: unknown;
}

/** Keeps what was run before something ended it. Throws what did where nothing was. */
export async function untilEnded<Result>(
  running: AsyncGenerator<Result>,
  signal: AbortSignal,
  before: readonly unknown[] = [],
): Promise<Ran<Result>> {
  const results: Result[] = [];
  try {
    for await (const result of running) results.push(result);
    return { results, unready: null, failure: null };
  } catch (error) {
    if (error instanceof UnreadyError) return { results, unready: error.message, failure: null };
    const failure = signal.aborted ? signal.reason : error;
    if (results.length + before.length === 0) throw failure;
    return { results, unready: failure instanceof Error ? failure.message : String(failure), failure };
  }
}
