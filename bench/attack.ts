import { setTimeout as sleep } from "node:timers/promises";
import { configureNodes } from "../src/cli/lab-up.js";
import { labDown } from "../src/lab/down.js";
import { labUp } from "../src/lab/up.js";
import { attack as attackLab } from "../test/lab/attack.js";
import { Desk, withDesk } from "../test/lab/desk.js";
import type { Bench } from "./bench.js";
import { powerLoss } from "./blows.js";
import { strikeOnce } from "./failover.js";
import { benchCluster, benchTopology, ours } from "./pairs/pair.js";
import { median, spread } from "./statistics.js";

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
    progress("starting the lab");
    try {
      const lab = await labUp(cluster, { switches: 0, signal, configure: configureNodes(text) });
      const desk = new Desk(lab);
      await desk.issue({ name: "wall", role: "viewer" });
      const costs = { peace: [] as number[], attacked: [] as number[] };
      for (let run = 1; run <= Math.min(runs, most); run++) {
        costs.peace.push((await strikeOnce(lab, powerLoss, ours.rest, signal)).address);
        const attacking = await attackLab(lab, desk, { who: "wall", rate, pests: false });
        try {
          await sleep(before, undefined, { signal });
          costs.attacked.push((await strikeOnce(lab, powerLoss, ours.rest, signal)).address);
        } finally {
          await attacking.stop();
        }
        progress(`run ${run}: ${costs.peace.at(-1)?.toFixed(0)} ms, ${costs.attacked.at(-1)?.toFixed(0)} ms`);
      }
      const [peace, attacked] = [median(costs.peace), median(costs.attacked)];
      const unit = "ms" as const;
      return [
        { name: "power loss, in peace", figure: peace, unit, atMost: null, detail: spread(costs.peace, 0) },
        {
          ...{ name: "power loss, agents flooded", figure: attacked, unit, atMost: null },
          detail: spread(costs.attacked, 0),
        },
        {
          ...{ name: "power loss, flooded / in peace", figure: attacked / peace, unit: "x" as const },
          ...{ atMost: 1.3, detail: "medians of the same run" },
        },
      ];
    } finally {
      await labDown(cluster.name);
    }
  },
};
