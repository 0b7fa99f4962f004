import { complaint, type Weather, wildStream } from "../test/mirror/stream/wild-stream.js";
import { complaintAbout } from "../test/mirror/switch/wild-connection.js";

/** One process's part: `FIRST COUNT` seeds, each once as a stream and once as a connection. Tells how far it is. */
export interface FuzzReport {
  readonly cases: number;
  readonly wrong: number;
  /** The first few, with their seeds. */
  readonly violations: readonly string[];
  /** Megabytes: the greatest that was held after a collection, beyond what was held at first. */
  readonly growth: number;
}

const [first = 1, count = 1] = process.argv.slice(3).map(Number);
/** Seeds until everything is compiled, and between two looks at the heap. */
const [warm, step] = [1_000, 5_000];

const weatherOf = (seed: number): Weather => ({
  losses: (seed & 1) !== 0,
  late: (seed & 2) !== 0,
  hostile: (seed & 4) !== 0,
});

const violations: string[] = [];
let [wrong, atFirst, growth] = [0, 0, Number.NEGATIVE_INFINITY];

function look(kind: string, seed: number, why: () => string): void {
  let said: string;
  try {
    said = why();
  } catch (error) {
    said = `it threw ${error instanceof Error ? error.stack : error}`;
  }
  if (said === "") return;
  wrong += 1;
  if (violations.length < 10) violations.push(`${kind} ${seed}: ${said}`);
}

function held(): number {
  // Buffers that the first collection finds to be free are given back by the second.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

for (let done = 0; done < count; done += 1) {
  const seed = first + done;
  look("stream", seed, () => complaint(wildStream(seed, weatherOf(seed)), weatherOf(seed)));
  look("connection", seed, () => complaintAbout(seed));
  if (done + 1 === Math.min(warm, count)) atFirst = held();
  else if ((done + 1) % step === 0 || done + 1 === count) {
    growth = Math.max(growth, held() - atFirst);
    process.send?.({ cases: 2 * (done + 1), wrong, violations, growth } satisfies FuzzReport);
  }
}
process.disconnect?.();
