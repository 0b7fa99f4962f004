import type { Bench } from "./bench.js";
import { pathDead as blow } from "./blows.js";
import { strikeRepeatedly } from "./failover.js";
import { ours } from "./pairs/pair.js";
import { spread } from "./statistics.js";

/** No hand-written pair stands beside it: theirs never moves. */
export const pathDead: Bench = {
  name: "path-dead",
  summary: "how long the controller IP is silent when nothing passes although the carrier is up",
  async run(options) {
    const silent = (await strikeRepeatedly(ours, blow, options)).map(({ address }) => address);
    return [
      {
        name: "path dead, holdfast (worst)",
        figure: Math.max(...silent),
        unit: "ms",
        atMost: 1_000,
        detail: spread(silent, 0),
      },
    ];
  },
};
