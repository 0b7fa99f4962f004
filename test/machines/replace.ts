import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { startWatch } from "../../src/drill/watch.js";
import type { RunOptions, RunResult } from "../../src/host/host.js";
import { must } from "../../src/lab/command.js";
import { until } from "../../src/lab/readiness.js";
import { managementAddress, needsInstalled, rolesOf, type Site, stage } from "./site.js";

const patience = { patience: 30_000, signal: new AbortController().signal };

/** docs/operating.md, "Replace a node", as it stands there: the active node is lost with its disk. */
export function nodesAreReplaced(site: Site): void {
  describe("a node that is lost with its disk", () => {
    beforeEach((context) => needsInstalled(site, context));

    test.for([
      { how: "by hand", bring: byHand },
      { how: "by Ansible", bring: byAnsible },
    ])("is replaced $how, and the other one serves throughout", async ({ how, bring }) => {
      await site.operator.settled();
      const { active: lost, standby: left } = await rolesOf(site);
      const watch = await startWatch(site.lab);
      try {
        await sleep(1_000); // It has heard by then whose the virtual IPs are.
        const from = Date.now();
        await site.lab.replace(lost);
        await until(`${left} serves`, async () => watch.silent(Date.now()).length === 0, patience);
        const alone = Date.now();
        await stage(site, `${lost} replaced ${how}`, async () => {
          await newKey(site, lost, left);
          await bring(site, lost);
          await site.operator.settled();
        });
        const to = Date.now();
        await watch.stop();
        const { owners } = watch.measure(from, to);
        expect(owners.changes, JSON.stringify(owners.timeline)).toBe(1);
        for (const { address, outage } of watch.measure(alone, to).addresses)
          expect(outage, address).toBeLessThan(500);
        const after = await rolesOf(site);
        expect(after.standby).toBe(lost);
        expect(after.generations[lost]).toEqual(after.generations[left]);
      } finally {
        await watch.stop();
      }
    });
  });
}

/** The old key is on a disk that nobody has: the new machine gets another, and the old one counts no more. */
async function newKey({ operator, lab }: Site, lost: string, left: string): Promise<void> {
  expect(await operator.certificates("issue", lost)).toMatchObject({ exitCode: 0 });
  expect(await operator.certificates("revoke", lost, "--older")).toMatchObject({ exitCode: 0 });
  const published = await operator.holdfast("pki", "publish");
  expect(published.exitCode, published.stdout).toBe(1);
  expect(`${published.stdout}${published.stderr}`).toMatch(new RegExp(`${lost} is out of reach`));
  expect(published.stdout).toMatch(new RegExp(`${left} has revocation list \\d+`));
  await lab.ssh.forget(managementAddress(lost));
}

async function byHand(site: Site, lost: string): Promise<void> {
  const { ssh } = site.lab;
  const address = managementAddress(lost);
  const run = async (argv: readonly string[], options: RunOptions = {}): Promise<RunResult> => {
    const result = await ssh.from("operator")(argv, { timeout: 120_000, ...options });
    expect(result.exitCode, `${argv.join(" ")}: ${result.stderr}`).toBe(0);
    return result;
  };
  const there = (...argv: string[]) => ssh.login(address, argv);
  const { first } = site.packages;
  await run(ssh.copy(first, address, "/tmp/"));
  await run(there("apt-get", "install", "--yes", "--no-install-recommends", `/tmp/${basename(first)}`));
  const bundle = join(site.operator.pki, lost);
  const { stdout: archive } = await must(["tar", "-C", bundle, "-c", "."]);
  await run(there("tar", "-x", "-p", "--no-same-owner", "-C", "/etc/holdfast/pki"), { stdin: archive });
  await run(there("systemctl", "start", "holdfast-agent"));

  const status = await site.operator.holdfast("status");
  expect(status.exitCode).toBe(1);
  expect(status.stdout).toMatch(
    new RegExp(`${lost} +down +has no topology yet: 'holdfast apply' brings it one`),
  );
  const plan = await site.operator.holdfast("plan");
  expect(plan.exitCode, plan.stderr).toBe(2);
  expect(plan.stdout).toMatch(new RegExp(`^${lost} +generation nothing -> `, "m"));
  expect(plan.stdout).toMatch(/no change$/m);
  const applied = await site.operator.holdfast("apply", "--yes", "-m", `a new ${lost}`);
  expect(applied.exitCode, applied.stderr).toBe(0);
}

async function byAnsible({ operator, packages }: Site): Promise<void> {
  const { exitCode, said } = await operator.ansible("site.yml", [], { holdfast_package: packages.first });
  expect(exitCode, said).toBe(0);
}
