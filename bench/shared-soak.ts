import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "./bench.js";
import { rows } from "./shared-soak-rows.js";
import { SharedSoakStage } from "./shared-soak-stage.js";

/** Milliseconds: until both controllers have the switches; between two pings; and for the answers to what was asked at the end. */
const [patience, pause, settling] = [30_000, 20_000, 10_000];

/** Two controllers on the sessions of real switches for a while: one asks and errs, the other notices nothing of it. */
export const sharedSoak: Bench = {
  name: "shared-soak",
  minutes: 30,
  summary:
    "a real os-ken that asks two Open vSwitches, and installs a flow, on the sessions of the pool's real os-ken, for as many minutes as are given",
  async run({ minutes, progress, signal }) {
    progress("starting the lab");
    const stage = await SharedSoakStage.up(signal);
    try {
      await shared(stage, signal);
      const [began, from] = [Date.now(), stage.asking.length];
      const [before, heard] = [await stage.connections(), stage.witnessed()];
      const pings = { sent: 0, answered: 0, learned: 0 };
      while (Date.now() - began < minutes * 60_000) {
        const { answered, learned } = await stage.pinged(pings.sent);
        pings.sent += 1;
        if (answered) pings.answered += 1;
        if (learned) pings.learned += 1;
        if (!answered || !learned || pings.sent % 15 === 0) {
          const minute = ((Date.now() - began) / 60_000).toFixed(1);
          progress(`minute ${minute}: ${JSON.stringify(pings)}`);
        }
        await sleep(pause, undefined, { signal });
      }
      const to = stage.asking.length;
      await sleep(settling, undefined, { signal });
      const mirror = await stage.mirror();
      progress(JSON.stringify(mirror));
      const after = await stage.connections();
      const switches = after.map(({ connections, words }, index) => ({
        connections,
        words: words.slice(before[index]?.words.length),
      }));
      const holders = await stage.holders();
      const master = { lines: [...stage.asking], from, to };
      const lines = stage.witnessed().flatMap((each, index) => each.slice(heard[index]?.length));
      const pool = { before: heard.flat(), lines, complaints: await stage.complaints() };
      return rows({ minutes, datapaths: stage.datapaths, switches, pool, master, holders, pings, mirror });
    } finally {
      await stage.down();
    }
  },
};

/** Waits until the master controller has every switch through the multiplexer. */
async function shared(stage: SharedSoakStage, signal: AbortSignal): Promise<void> {
  for (const end = Date.now() + patience; ; await sleep(500, undefined, { signal })) {
    const mirror = await stage.mirror();
    if (mirror?.connected === stage.datapaths.length) return;
    if (Date.now() > end) throw new Error(`the switches are not shared: ${JSON.stringify(mirror)}`);
  }
}
