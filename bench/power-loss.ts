import type { Bar, Bench } from "./bench.js";
import { powerLoss as blow } from "./blows.js";
import { strikeRepeatedly } from "./failover.js";
import { expertPair, ours, type Pair, tutorialPair } from "./pairs/pair.js";
import { median, spread } from "./statistics.js";

/** The figure the project stands for, beside what people do without it. */
export const powerLoss: Bench = {
  name: "power-loss",
  summary: "how long the controller IP is silent after the active node loses power",
  async run(options) {
    const measured = async (pair: Pair) =>
      (await strikeRepeatedly(pair, blow, options)).map(({ address }) => address);
    const [holdfast, expert, tutorial] = [
      await measured(ours),
      await measured(expertPair),
      await measured(tutorialPair),
    ];
    const figure = (name: string, values: number[], atMost: number | null): Bar => ({
      name: `power loss, ${name}`,
      figure: median(values),
      unit: "ms",
      atMost,
      detail: spread(values, 0),
    });
    return [
      figure("holdfast", holdfast, 80),
      figure("expert's pair", expert, null),
      figure("tutorial pair", tutorial, null),
      ratio("power loss, holdfast / expert", median(holdfast) / median(expert), 1.15),
      ratio("power loss, holdfast / tutorial", median(holdfast) / median(tutorial), 1 / 30),
    ];
  },
};

const ratio = (name: string, figure: number, atMost: number): Bar => ({
  name,
  figure,
  unit: "x",
  atMost,
  detail: "medians of the same run",
});
