import { beforeEach, describe, expect, test } from "vitest";
import { addSources, gather } from "../../bench/many-sessions.js";
import { clientOn } from "../../src/drill/vantage.js";
import { needsInstalled, nodeNames, type Site, stage } from "./site.js";

const sessions = 1_000;
const signal = new AbortController().signal;

/** The package is upgraded under sessions that the kernel translates; each of them speaks before and after. */
export function upgradeLosesNothing(site: Site): void {
  describe("upgrade.yml", () => {
    beforeEach((context) => needsInstalled(site, context));

    test(`brings both nodes to the next version, and ${sessions} sessions go on`, async () => {
      await site.operator.settled();
      const client = site.lab.machine(clientOn("switches"));
      await addSources(client);
      const crowd = await gather(client, { address: "10.0.1.100", port: 7_000, sessions });
      try {
        await crowd.up(signal);
        const { exitCode, said } = await stage(site, "upgrade.yml", () =>
          site.operator.ansible("upgrade.yml", [], { holdfast_package: site.packages.second }),
        );
        expect(exitCode, said).toBe(0);
        expect((await crowd.speak(10_000, signal)).answered).toBe(sessions);
        expect(crowd.ended).toEqual([]);
        for (const name of nodeNames) {
          const { stdout } = await site.lab.machine(name).exec(["dpkg-query", "--show", "holdfast"]);
          expect(stdout).toBe("holdfast\t0.1.0+next\n");
        }
        await site.operator.settled();
      } finally {
        await crowd.stop();
      }
    });
  });
}
