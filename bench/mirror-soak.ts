import { setTimeout as sleep } from "node:timers/promises";
import type { Bar, Bench } from "./bench.js";
import { SoakStage, services } from "./mirror-soak-stage.js";

/** Switches that are generated for each service, and messages that they say a second. */
const load = { switches: 25, rate: 50 };

/** A mirror at work for a while: everything that the master controllers have is compared with what the switches are and said. */
export const mirrorSoak: Bench = {
  name: "mirror-soak",
  runs: 10,
  summary:
    "what real os-ken masters have of 2 Open vSwitches and 100 generated switches, over proxy and nat, after as many minutes as there are runs",
  async run({ runs: minutes, progress, signal }) {
    progress("starting the lab");
    const stage = await SoakStage.up(signal);
    try {
      const began = Date.now();
      const speaking = services.map((service, index) =>
        stage.speak(service, { ...load, base: 0x1000 * (index + 1), seconds: minutes * 60 }),
      );
      let [pings, unheard] = [0, 0];
      // A switch speaks for half a minute before its session counts as one that may not end.
      await sleep(30_000, undefined, { signal });
      const before = await stage.gone();
      while (Date.now() - began < (minutes * 60 - 45) * 1_000) {
        for (const host of ["host-1", "host-2"]) {
          pings += 1;
          if (!(await stage.pinged(host))) unheard += 1;
        }
        await sleep(20_000, undefined, { signal });
      }
      const gone = (await stage.gone()) - before;
      const present = await stage.present();
      const expected = [...(await stage.ownDatapaths()), ...stage.generated(load.switches)].sort();
      progress(await stage.told());
      const sums = (await Promise.all(speaking)).flat();
      // The copy has the processor last: what was said at the end may still be on its way.
      await sleep(5_000, undefined, { signal });
      const { same, differ, bytes } = await stage.compare(sums);
      for (const each of differ) progress(each);
      const wrong = difference(expected, present);
      const bar = (name: string, figure: number, detail: string): Bar => ({
        ...{ name, figure, unit: "times", atMost: 0, detail },
      });
      return [
        bar(
          "datapaths that os-ken has too few or too many",
          wrong.length,
          `${present.length} present ${wrong.join(" ")}`,
        ),
        bar("sessions at os-ken that ended", gone, `in ${minutes} minutes`),
        bar("marked pings that os-ken did not hear of", unheard, `of ${pings}`),
        bar(
          "streams whose sha256 differs from the switch's own",
          differ.length,
          `${same} are the same, ${bytes} bytes`,
        ),
      ];
    } finally {
      await stage.down();
    }
  },
};

const difference = (one: readonly string[], other: readonly string[]): string[] => [
  ...one.filter((each) => !other.includes(each)).map((each) => `-${each}`),
  ...other.filter((each) => !one.includes(each)).map((each) => `+${each}`),
];
