import type { Bar, Bench } from "./bench.js";
import { haproxyCrash as blow } from "./blows.js";
import { strikeRepeatedly } from "./failover.js";
import { ours, type Pair, tutorialPair } from "./pairs/pair.js";
import { median, p99 } from "./statistics.js";
import { figureOf } from "./trial.js";

/** A median needs no more of them, and each takes a while. */
const besideTutorial = 10;

export const haproxyCrash: Bench = {
  name: "haproxy-crash",
  summary: "how long no session is greeted after the active node's HAProxy dies for good",
  runs: 100,
  async run(options) {
    const measured = async (pair: Pair, runs: number) => {
      const trials = await strikeRepeatedly(pair, blow, { ...options, runs });
      const services = trials.map(({ cost, stalls }) => ({ cost: cost.service, stalls }));
      return (of: typeof p99, atMost: number | null): Bar =>
        figureOf(services, {
          name: `HAProxy crash, ${pair.name} (${of === p99 ? "p99" : "median"})`,
          ...{ of, atMost, limit: pair.detection },
        });
    };
    const holdfast = await measured(ours, options.runs);
    const tutorial = await measured(tutorialPair, Math.min(options.runs, besideTutorial));
    return [holdfast(p99, 40), holdfast(median, null), tutorial(median, null)];
  },
};
