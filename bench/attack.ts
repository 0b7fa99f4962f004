import { setTimeout as sleep } from "node:timers/promises";
import { configureNodes } from "../src/cli/lab-up.js";
import { labDown } from "../src/lab/down.js";
import { labUp } from "../src/lab/up.js";
import { detection } from "../src/topology/timing.js";
import { attack as attackLab } from "../test/lab/attack.js";
import { Desk, withDesk } from "../test/lab/desk.js";
import type { Bar, Bench } from "./bench.js";
import { powerLoss } from "./blows.js";
import { watchFromClient } from "./client-watch.js";
import { strikeOnce } from "./failover.js";
import { benchCluster, benchTopology, ours } from "./pairs/pair.js";
import { median } from "./statistics.js";
import { figureOf, type Trial } from "./trial.js";

/** Requests a second that each agent is sent by somebody who may look. */
const rate = 1_000;
/** Milliseconds of it before the blow. */
const before = 3_000;
/** A blow with and one without each time: more would take long. */
const most = 5;

/** Somebody floods the agents; the switches must not notice, not even when they need the other node just then. */
export const attack: Bench = {
  name: "attack",
  summary: `power loss while both agents are sent ${rate} requests a second, beside one in peace`,
  async run({ runs, progress, signal }) {
    const { cluster, text } = withDesk({ text: benchTopology(), cluster: benchCluster() });
    const limit = detection(cluster);
    const peace: Trial<number>[] = [];
    const attacked: Trial<number>[] = [];
    progress("starting the lab");
    try {
      const lab = await labUp(cluster, { switches: 0, signal, configure: configureNodes(text) });
      const watch = await watchFromClient(lab);
      const strike = async (): Promise<Trial<number>> => {
        const { cost, stalls } = await strikeOnce({ lab, watch }, powerLoss, ours.rest, signal);
        return { cost: cost.address, stalls };
      };
      try {
        const desk = new Desk(lab);
        await desk.issue({ name: "wall", role: "viewer" });
        for (let run = 1; run <= Math.min(runs, most); run++) {
          peace.push(await strike());
          const attacking = await attackLab(lab, desk, { who: "wall", rate, pests: false });
          try {
            await sleep(before, undefined, { signal });
            attacked.push(await strike());
          } finally {
            await attacking.stop();
          }
          progress(`run ${run}: ${peace.at(-1)?.cost.toFixed(0)} ms, ${attacked.at(-1)?.cost.toFixed(0)} ms`);
        }
      } finally {
        await watch.stop();
      }
    } finally {
      await labDown(cluster.name);
    }
    const figure = (name: string, trials: readonly Trial<number>[]): Bar =>
      figureOf(trials, { ...{ name, of: median }, ...{ atMost: null, limit } });
    const [calm, flooded] = [
      figure("power loss, in peace", peace),
      figure("power loss, agents flooded", attacked),
    ];
    return [
      ...[calm, flooded],
      {
        ...{ name: "power loss, flooded / in peace", figure: flooded.figure / calm.figure, unit: "x" },
        ...{ atMost: 1.3, detail: "medians of the same run" },
      },
    ];
  },
};
