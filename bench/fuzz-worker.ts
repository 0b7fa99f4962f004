import { WildParties } from "../test/mirror/multiplexer/wild-parties.js";
import { complaint, type Weather, wildStream } from "../test/mirror/stream/wild-stream.js";
import { complaintAbout } from "../test/mirror/switch/wild-connection.js";
import { complaintAboutTopology } from "../test/topology/wild-topology.js";

/** What is fed: what a capture beside the path takes up, what passes a multiplexer in it, or what somebody wrote. */
export type FuzzKind = "tap" | "shared" | "topology";

/** One process's part: `KIND FIRST COUNT` seeds, each once in every way that its kind has. Tells how far it is. */
export interface FuzzReport {
  readonly cases: number;
  readonly wrong: number;
  /** The first few, with their seeds. */
  readonly violations: readonly string[];
  /** Megabytes: the greatest that was held after a collection, beyond what was held at first. */
  readonly growth: number;
}

const kind = process.argv[3] as FuzzKind;
const [first = 1, count = 1] = process.argv.slice(4).map(Number);
/** Seeds until everything is compiled, and between two looks at the heap. */
const [warm, step] = [1_000, 5_000];

const weatherOf = (seed: number): Weather => ({
  losses: (seed & 1) !== 0,
  late: (seed & 2) !== 0,
  hostile: (seed & 4) !== 0,
});

/** What is wrong with a case; an empty text where nothing is. */
const ways: Readonly<Record<FuzzKind, Readonly<Record<string, (seed: number) => string>>>> = {
  tap: {
    stream: (seed) => complaint(wildStream(seed, weatherOf(seed)), weatherOf(seed)),
    connection: complaintAbout,
  },
  shared: { parties: (seed) => new WildParties(seed).run() },
  topology: { topology: complaintAboutTopology },
};

const violations: string[] = [];
let [wrong, atFirst, growth] = [0, 0, Number.NEGATIVE_INFINITY];

function look(way: string, seed: number, why: (seed: number) => string): void {
  let said: string;
  try {
    said = why(seed);
  } catch (error) {
    said = `it threw ${error instanceof Error ? error.stack : error}`;
  }
  if (said === "") return;
  wrong += 1;
  if (violations.length < 10) violations.push(`${way} ${seed}: ${said}`);
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
  for (const [way, why] of Object.entries(ways[kind])) look(way, seed, why);
  if (done + 1 === Math.min(warm, count)) atFirst = held();
  else if ((done + 1) % step === 0 || done + 1 === count) {
    growth = Math.max(growth, held() - atFirst);
    const cases = Object.keys(ways[kind]).length * (done + 1);
    process.send?.({ cases, wrong, violations, growth } satisfies FuzzReport);
  }
}
process.disconnect?.();
