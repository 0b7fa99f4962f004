import { beforeEach, describe, expect, test } from "vitest";
import type { Machine } from "../../src/lab/lab.js";
import { until } from "../../src/lab/readiness.js";
import { complaints, cureFile, finding } from "../lab/preflight-rig.js";
import { preflightOf } from "./preflight.js";
import { needsInstalled, rolesOf, type Site, stage } from "./site.js";

const patience = { patience: 30_000, signal: new AbortController().signal };
const folder = "/etc/systemd/network/eth1.network.d";

/** What preflight says of systemd-networkd is what systemd-networkd does. */
export function networkdTakesAddresses(site: Site): void {
  describe("systemd-networkd", () => {
    beforeEach((context) => needsInstalled(site, context));

    test("without KeepConfiguration is found by preflight, takes the virtual IPs, and no more once cured", async () => {
      await site.operator.settled();
      const { active, standby } = await rolesOf(site);
      const machine = site.lab.machine(active);
      try {
        await letUdevSpeak(machine);
        await write(machine, `${folder}/10-own.conf`, "[Network]\nKeepConfiguration=no\n");
        const told = await preflightOf(site);
        expect(complaints(told)).toEqual([
          `${active} managers error eth1: /etc/systemd/network/eth1.network`,
        ]);
        await stage(site, "networkd takes the virtual IPs", async () => {
          await restart(machine);
          const moved = async () => (await rolesOf(site).catch(() => null))?.active === standby;
          await until(`${standby} has the virtual IPs`, moved, patience);
        });

        const { path, body } = cureFile(finding(told, `${active} managers error`).cure);
        await write(machine, path, body);
        await restart(machine);
        await site.operator.settled();
        await site.operator.holdfast("switchover", "--to", active);
        await site.operator.settled();
        const before = await rolesOf(site);
        expect(before.active).toBe(active);
        const addresses = await machine.spawn(["ip", "monitor", "address", "rule"]);
        await restart(machine);
        await site.operator.settled();
        expect(await addresses.stop()).not.toMatch(/Deleted/);
        expect(await rolesOf(site)).toEqual(before);
      } finally {
        await machine.exec(["rm", "-r", folder]);
        await restart(machine);
        await site.operator.settled();
      }
    });
  });
}

async function write({ exec }: Machine, path: string, body: string): Promise<void> {
  await exec(["mkdir", "--parents", path.slice(0, path.lastIndexOf("/"))]);
  expect(await exec(["tee", path], { stdin: body })).toMatchObject({ exitCode: 0 });
}

async function restart({ exec }: Machine): Promise<void> {
  expect(await exec(["systemctl", "restart", "systemd-networkd"])).toMatchObject({ exitCode: 0 });
  expect(await exec(["/usr/lib/systemd/systemd-networkd-wait-online", "--timeout=20"])).toMatchObject({
    exitCode: 0,
  });
}

/**
 * Until the next boot, as on a machine with udev: networkd then takes a link up only after it has seen what stands on it,
 * and so has something to remove. It holds that there is no udev where /sys cannot be written, as in a container.
 */
async function letUdevSpeak({ exec }: Machine): Promise<void> {
  await exec(["mount", "-o", "remount,bind,rw", "/sys"]);
  await exec(["mkdir", "--parents", "/run/udev/data"]);
  const { stdout } = await exec(["ip", "-json", "link", "show"]);
  for (const { ifindex } of JSON.parse(stdout) as { ifindex: number }[])
    await exec(["tee", `/run/udev/data/n${ifindex}`], { stdin: "I:1\n" });
}
