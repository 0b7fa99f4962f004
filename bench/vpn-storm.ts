import { percentile } from "../src/drill/percentile.js";
import type { Settled } from "../src/drill/vpn/settle.js";
import { numbers } from "../test/lab/random-applies.js";
import type { Bar, Bench, BenchOptions } from "./bench.js";
import { StormStage } from "./vpn-storm-stage.js";
import { nextStep, shown } from "./vpn-storm-steps.js";
import type { StormSize } from "./vpn-storm-topology.js";

const size: StormSize = { servers: 5, fixed: 10, others: 10 };

/** Where so many steps in a row end in disagreement nothing is learned from more. */
const hopeless = 3;

/** Of what is seen otherwise so many say enough. */
const mostTold = 8;

/** After each of many random faults, everybody reaches exactly whom they should, and no route is left over. */
export const vpnStorm: Bench = {
  name: "vpn-storm",
  summary: "whether VPN servers and their clients agree again after each of many random faults",
  runs: 300,
  async run(options) {
    options.progress(`seed ${options.seed}: ${size.servers} servers, ${size.fixed + size.others} clients`);
    const stage = await StormStage.open("bench-vpn-storm", size);
    try {
      return bars(await storm(stage, options), options);
    } finally {
      await stage[Symbol.asyncDispose]();
    }
  },
};

/** @param much how many steps, by which seed */
export async function storm(
  stage: StormStage,
  { runs, seed, progress, signal }: Omit<BenchOptions, "minutes">,
): Promise<Settled[]> {
  const random = numbers(seed);
  const first = await stage.settle(performance.now(), signal);
  if (first.after === null) throw new Error(`they do not agree before any fault: ${first.wrong.join("; ")}`);
  const all: Settled[] = [];
  for (let index = 1; index <= runs && !given(all); index++) {
    const step = nextStep(stage.world, random);
    const settled = await stage.step(step, signal).catch((error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    });
    // What was measured until then stands.
    if (settled === null) break;
    all.push(settled);
    const words =
      settled.after === null
        ? `NOT: ${settled.wrong.slice(0, mostTold).join("; ")}`
        : `${settled.after.toFixed(0)} ms${lastly(settled)}`;
    progress(`${index} of ${runs}: ${shown(step)}: ${words}`);
  }
  return all;
}

/** What the time went on. */
const lastly = ({ late: [first, ...others] }: Settled): string =>
  first === undefined
    ? ""
    : `, at last for ${first}${others.length === 0 ? "" : ` and ${others.length} more`}`;

const given = (all: readonly Settled[]): boolean =>
  all.length >= hopeless && all.slice(-hopeless).every(({ after }) => after === null);

function bars(all: readonly Settled[], { runs, seed }: Pick<BenchOptions, "runs" | "seed">): Bar[] {
  const times = all.flatMap(({ after }) => (after === null ? [] : [after]));
  const detail = `${all.length} steps of ${runs}, seed ${seed}`;
  return [
    {
      ...{
        name: "VPN storm, steps after which not all agreed, or that were not had",
        unit: "times",
        atMost: 0,
        detail,
      },
      figure: runs - times.length,
    },
    {
      ...{ name: "VPN storm, slowest agreement of all", unit: "ms", atMost: null },
      figure: Math.max(0, ...times),
      detail: `median ${percentile(times, 0.5).toFixed(0)}, 95 % within ${percentile(times, 0.95).toFixed(0)}; ${detail}`,
    },
  ];
}
