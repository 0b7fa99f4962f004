import type { Bench } from "./bench.js";
import { pathDead as blow } from "./blows.js";
import { strikeRepeatedly } from "./failover.js";
import { ours } from "./pairs/pair.js";
import { figureOf } from "./trial.js";

/** No hand-written pair stands beside it: theirs never moves. */
export const pathDead: Bench = {
  name: "path-dead",
  summary: "how long the controller IP is silent when nothing passes although the carrier is up",
  async run(options) {
    const trials = await strikeRepeatedly(ours, blow, options);
    return [
      figureOf(
        trials.map(({ cost, stalls }) => ({ cost: cost.address, stalls })),
        {
          ...{ name: "path dead, holdfast (worst)", of: (values) => Math.max(...values) },
          ...{ atMost: 1_000, limit: ours.detection },
        },
      ),
    ];
  },
};
