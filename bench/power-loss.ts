import type { Bar, Bench } from "./bench.js";
import { powerLoss as blow } from "./blows.js";
import { strikeRepeatedly } from "./failover.js";
import { expertPair, ours, ours10, type Pair, tutorialPair } from "./pairs/pair.js";
import { median, p99 } from "./statistics.js";
import { figureOf, type Trial } from "./trial.js";

/** At most so many runs of what stands beside: a median needs fewer than a 99th percentile, and they are slow. */
const [besideOurs, besideTutorial, atLeastInterval] = [30, 10, 40];

/** The figure the project stands for, beside what people do without it. */
export const powerLoss: Bench = {
  name: "power-loss",
  summary: "how long the controller IP is silent after the active node loses power",
  runs: 100,
  async run(options) {
    const measured = async (pair: Pair, most: number): Promise<Trial<number>[]> => {
      const trials = await strikeRepeatedly(pair, blow, { ...options, runs: Math.min(options.runs, most) });
      return trials.map(({ cost, stalls }) => ({ cost: cost.address, stalls }));
    };
    const figure = (
      { name, detection }: Pair,
      trials: readonly Trial<number>[],
      of: (values: readonly number[]) => number,
      atMost: number | null = null,
    ): Bar =>
      figureOf(trials, {
        name: `power loss, ${name} (${of === p99 ? "p99" : "median"})`,
        ...{ of, atMost, limit: detection, note: `VRRP's limit ${detection.toFixed(1)} ms` },
      });
    const holdfast = await measured(ours, options.runs);
    const quick = await measured(ours10, atLeastInterval);
    const expert = await measured(expertPair, besideOurs);
    const tutorial = await measured(tutorialPair, besideTutorial);
    const [own, experts, tutorials] = [
      figure(ours, holdfast, median, 62),
      figure(expertPair, expert, median),
      figure(tutorialPair, tutorial, median),
    ];
    return [
      ...[figure(ours, holdfast, p99, 75), own],
      figure(ours10, quick, median, 38),
      ...[figure(expertPair, expert, p99), experts, tutorials],
      ratio("power loss, holdfast / expert's pair", own, experts, 1.15),
      ratio("power loss, holdfast / tutorial pair", own, tutorials, 1 / 30),
    ];
  },
};

const ratio = (name: string, own: Bar, other: Bar, atMost: number): Bar => ({
  ...{ name, figure: own.figure / other.figure, unit: "x", atMost },
  detail: "medians of the same run",
});
