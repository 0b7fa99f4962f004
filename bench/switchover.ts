import type { Bar, Bench } from "./bench.js";
import { plannedMove, stoppedByHand } from "./blows.js";
import type { Cost } from "./client-watch.js";
import { strikeIn, strikeRepeatedly, withScene } from "./failover.js";
import { type Held, holdSessions } from "./held-sessions.js";
import { expertPair, oursWithNat, type Pair } from "./pairs/pair.js";
import { median, p99 } from "./statistics.js";
import { figureOf, type Trial } from "./trial.js";

const [sessions, besideByHand] = [100, 30];

/** A planned move has no last advert to wait for: the node that steps back says so. */
export const switchover: Bench = {
  name: "switchover",
  summary:
    "how long the controller IP is silent when it moves as planned, and how many nat sessions that ends",
  runs: 100,
  async run(options) {
    const { moves, held } = await withScene(oursWithNat, options, async (scene) => {
      const load = await holdSessions(scene.lab, sessions, options.signal);
      let held: Held | null = null;
      try {
        const moves = await strikeIn(scene, plannedMove, options);
        held = await load.end();
        return { moves, held };
      } finally {
        if (held === null) await load.end();
      }
    });
    const stops = await strikeRepeatedly(expertPair, stoppedByHand, {
      ...options,
      runs: Math.min(options.runs, besideByHand),
    });
    return [
      figure("switchover, holdfast", oursWithNat, moves, p99, 25),
      figure("switchover, holdfast", oursWithNat, moves, median),
      {
        ...{
          name: "switchover, holdfast: nat sessions lost",
          figure: held.ends,
          unit: "sessions",
          atMost: 0,
        },
        detail: `${held.sessions} held through ${moves.length} moves, ${held.messagesLost} messages lost`,
      },
      figure("keepalived stopped by hand", expertPair, stops, p99),
      figure("keepalived stopped by hand", expertPair, stops, median),
    ];
  },
};

const figure = (
  name: string,
  { detection: limit }: Pair,
  trials: readonly Trial<Cost>[],
  of: typeof p99,
  atMost: number | null = null,
): Bar =>
  figureOf(
    trials.map(({ cost, stalls }) => ({ cost: cost.address, stalls })),
    { name: `${name} (${of === p99 ? "p99" : "median"})`, of, atMost, limit },
  );
