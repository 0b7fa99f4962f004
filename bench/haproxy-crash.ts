import type { Bench } from "./bench.js";
import { haproxyCrash as blow } from "./blows.js";
import { strikeRepeatedly } from "./failover.js";
import { ours, tutorialPair } from "./pairs/pair.js";
import { median, spread } from "./statistics.js";

export const haproxyCrash: Bench = {
  name: "haproxy-crash",
  summary: "how long no session is greeted after the active node's HAProxy dies for good",
  async run(options) {
    const holdfast = (await strikeRepeatedly(ours, blow, options)).map(({ service }) => service);
    const tutorial = (await strikeRepeatedly(tutorialPair, blow, options)).map(({ service }) => service);
    return [
      {
        name: "HAProxy crash, holdfast",
        figure: median(holdfast),
        unit: "ms",
        atMost: 100,
        detail: spread(holdfast, 0),
      },
      {
        name: "HAProxy crash, tutorial pair",
        figure: median(tutorial),
        unit: "ms",
        atMost: null,
        detail: spread(tutorial, 0),
      },
    ];
  },
};
