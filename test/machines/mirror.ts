import { beforeEach, describe, expect, test } from "vitest";
import { program } from "../../src/lab/program.js";
import { needsInstalled, type Site, stage } from "./site.js";

const datapaths = ["40", "41", "42"].map((id) => id.padStart(16, "0"));
const load = ["--switches", "3", "--base", "0x40", "--rate", "30", "--seconds", "5"];

/** The process that mirrors, and its capture, are confined as the agent is. */
export function masterSeesEverything(site: Site): void {
  describe("the mirror, in a unit that confines it,", () => {
    beforeEach((context) => needsInstalled(site, context));

    test("gives a real master controller every switch, and all that it says", async () => {
      const { lab } = site;
      const log = async () =>
        (await lab.machine("master").exec(["cat", "/run/log/master-6653.log"])).stdout.split("\n");
      const argv = [process.execPath, program.openflowLoad, "10.0.1.100", "6653", ...load];
      const speaking = await lab.machine("client-switches").spawn(argv);
      const { exitCode, stdout } = await stage(site, "switches that speak", () => speaking.ended);
      expect(exitCode).toBe(0);
      const { messages } = JSON.parse(stdout);
      expect(messages.sent).toBeGreaterThan(100);
      for (const datapath of datapaths)
        await expect
          .poll(log, { timeout: 20_000 })
          .toContainEqual(expect.stringMatching(`gone ${datapath}$`));
      const lines = await log();
      expect(lines.filter((line) => line.includes(" came "))).toHaveLength(datapaths.length);
      // Those of before and after the counted time are more.
      expect(lines.filter((line) => line.includes(" packet-in ")).length).toBeGreaterThanOrEqual(
        messages.sent,
      );
    });
  });
}
