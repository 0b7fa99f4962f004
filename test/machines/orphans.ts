import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startWatch } from "../../src/drill/watch.js";
import { until } from "../../src/lab/readiness.js";
import { needsInstalled, nodeNames, rolesOf, type Site, stage } from "./site.js";

const patience = { patience: 30_000, signal: new AbortController().signal };
/** Behind the package's own in the alphabet: the last one counts. */
const dropIn = (unit: string): string => `/run/systemd/system/${unit}.service.d/zz-dead.conf`;

/** What the units do when no agent lives to see that an engine died: the engine then stays dead, so that nothing hides it. */
export function unitsStandIn(site: Site): void {
  describe("with its agent stopped, the active node", () => {
    beforeEach((context) => needsInstalled(site, context));
    afterEach(async () => {
      for (const name of nodeNames) await revive(site, name);
      await site.operator.settled();
    });

    test("gives the virtual IPs away when HAProxy is killed", async () => {
      const { active, standby } = await rolesOf(site);
      const seen = await killed(site, active, "haproxy");
      expect(seen.owners.timeline.findLast(({ network }) => network === "switches")?.node).toBe(standby);
      expect(seen.owners.changes).toBe(1);
    });

    test("keeps no address when keepalived is killed", async () => {
      const { active, standby } = await rolesOf(site);
      const seen = await killed(site, active, "keepalived");
      expect(await virtualIpsOn(site, active)).toEqual([]);
      expect(await virtualIpsOn(site, standby)).toHaveLength(site.lab.cluster.virtualIps.length);
      expect(seen.owners.changes).toBe(1);
    });
  });
}

/** Kills an engine that nobody starts again, waits until all is served, and returns what the switches saw meanwhile. */
async function killed(site: Site, node: string, engine: string) {
  const { lab } = site;
  const { exec } = lab.machine(node);
  await exec(["systemctl", "stop", "holdfast-agent"]);
  await exec(["mkdir", "--parents", dirname(dropIn(engine))]);
  await exec(["tee", dropIn(engine)], { stdin: "[Service]\nRestart=no\n" });
  await exec(["systemctl", "daemon-reload"]);
  const watch = await startWatch(lab);
  try {
    await until("all is served", async () => watch.silent(Date.now()).length === 0, patience);
    await sleep(1_000);
    const at = Date.now();
    await stage(site, `${engine} killed without an agent`, async () => {
      await lab.faults.signal(node, engine, "SIGKILL");
      await sleep(500);
      await until("all is served again", async () => watch.silent(Date.now()).length === 0, patience);
    });
    await sleep(2_000); // Whatever else was to come has come.
    expect((await lab.machine(node).host.services.status(engine)).running).toBe(false);
    const to = Date.now();
    await watch.stop();
    const seen = watch.measure(at, to);
    const outages = seen.addresses.map(({ outage }) => outage.toFixed(0)).join("/");
    process.stderr.write(`machines: ${engine} killed: the virtual IPs were silent for ${outages} ms\n`);
    return seen;
  } finally {
    await watch.stop();
  }
}

async function revive(site: Site, node: string): Promise<void> {
  const { exec } = site.lab.machine(node);
  await exec(["rm", "--force", dropIn("haproxy"), dropIn("keepalived")]);
  await exec(["systemctl", "daemon-reload"]);
  await exec(["systemctl", "reset-failed"]);
  for (const unit of ["haproxy", "keepalived", "holdfast-agent"])
    expect(await exec(["systemctl", "start", unit], { timeout: 60_000 })).toMatchObject({ exitCode: 0 });
}

async function virtualIpsOn({ lab }: Site, node: string): Promise<string[]> {
  const { stdout } = await lab.machine(node).exec(["ip", "-json", "address", "show"]);
  return lab.cluster.virtualIps
    .flatMap(({ addresses }) => addresses.map(({ address }) => address))
    .filter((address) => stdout.includes(`"local":"${address}"`));
}
