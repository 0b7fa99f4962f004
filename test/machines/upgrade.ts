import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addSources, gather } from "../../bench/many-sessions.js";
import { versionIn } from "../../machines/package.js";
import { clientOn } from "../../src/drill/vantage.js";
import { startWatch } from "../../src/drill/watch.js";
import { needsInstalled, nodeNames, rolesOf, type Site, stage } from "./site.js";

const sessions = 1_000;
const signal = new AbortController().signal;

/** The package is upgraded, and goes back, under sessions that the kernel translates; each speaks before and after. */
export function upgradeLosesNothing(site: Site): void {
  describe("upgrade.yml", () => {
    beforeEach((context) => needsInstalled(site, context));

    beforeAll(() => addSources(site.lab.machine(clientOn("switches"))));

    test.for([
      { to: "the next version", which: "second" },
      { to: "the version before", which: "first" },
    ] as const)(`brings both nodes to $to, and ${sessions} sessions go on`, async ({ which }) => {
      const version = versionIn(site.packages[which]);
      await site.operator.settled();
      const before = await rolesOf(site);
      const multiplexers = await multiplexersOf(site);
      const client = site.lab.machine(clientOn("switches"));
      const crowd = await gather(client, { address: "10.0.1.100", port: 7_000, sessions });
      const watch = await startWatch(site.lab);
      try {
        await crowd.up(signal);
        const at = Date.now();
        const { exitCode, said } = await stage(site, `upgrade.yml to ${version}`, () =>
          site.operator.ansible("upgrade.yml", [], { holdfast_package: site.packages[which] }),
        );
        expect(exitCode, said).toBe(0);
        for (const name of nodeNames)
          expect(said.replace(/\s+/g, " ")).toContain(`${name}: every agent is holdfast ${version}`);
        expect((await crowd.speak(10_000, signal)).answered).toBe(sessions);
        expect(crowd.ended).toEqual([]);
        for (const name of nodeNames) {
          const { stdout } = await site.lab.machine(name).exec(["dpkg-query", "--show", "holdfast"]);
          expect(stdout).toBe(`holdfast\t${version}\n`);
        }
        expect(await programsOf(site)).toEqual(nodeNames.map((name) => ({ name, program: version })));
        await site.operator.settled();
        const to = Date.now();
        await watch.stop();
        expect(watch.measure(at, to).owners.changes).toBe(0);
        expect(await rolesOf(site)).toEqual(before);
        expect(await multiplexersOf(site)).toEqual(multiplexers);
      } finally {
        await watch.stop();
        await crowd.stop();
      }
    });
  });
}

/** The processes in which sessions are shared; each lives. */
async function multiplexersOf({ lab }: Site): Promise<number[]> {
  const argv = ["systemctl", "show", "--property", "MainPID", "--value", "holdfast-multiplexer"];
  const all = await Promise.all(nodeNames.map((name) => lab.machine(name).exec(argv)));
  const pids = all.map(({ stdout }) => Number(stdout));
  for (const pid of pids) expect(pid).toBeGreaterThan(0);
  return pids;
}

/** Which version each agent is, as they say over the network. */
async function programsOf({ operator }: Site) {
  const { stdout } = await operator.holdfast("status", "--json");
  const { nodes } = JSON.parse(stdout) as { nodes: { name: string; report?: { program: string } }[] };
  return nodes.map(({ name, report }) => ({ name, program: report?.program }));
}
