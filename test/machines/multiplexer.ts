import { beforeEach, describe, expect, test } from "vitest";
import { program } from "../../src/lab/program.js";
import { doorIn, doorsOf } from "../../src/render/multiplexer-doors.js";
import { needsInstalled, nodeNames, rolesOf, type Site, shared, stage } from "./site.js";

const soon = { timeout: 20_000 };
const unit = "holdfast-multiplexer";
const doors = ["c1", "c2"].map((server) => doorIn(doorsOf(shared.name), server));

/** The multiplexer in a unit that confines it: what it needs beyond that no other test would miss. */
export function sessionsAreShared(site: Site): void {
  describe("the multiplexer, in a unit that confines it,", () => {
    beforeEach((context) => needsInstalled(site, context));

    test.for(nodeNames)("is active on %s, and stands where HAProxy's group alone finds it", async (name) => {
      expect(await asked(site, name, "systemctl", "is-active", unit)).toBe("active\n");
      expect(await asked(site, name, "systemctl", "is-enabled", unit)).toBe("enabled\n");
      const stands = await asked(site, name, "stat", "--format", "%U:%G %a %F", ...doors);
      expect(stands).toBe("root:haproxy 660 socket\n".repeat(doors.length));
    });

    test("has the master controller's part in each session, and writes down what both say, for root alone", async () => {
      const { active } = await rolesOf(site);
      await sessions(site, [0x50, 0x51, 0x52]);
      const audit = async (option: string) =>
        (await asked(site, active, "stat", "--format", option, shared.audit)).trim();
      expect(await audit("%U:%G")).toBe("root:root");
      expect(Number.parseInt(await audit("%a"), 8) & ~0o640).toBe(0);
      await expect.poll(async () => Number(await audit("%s")), soon).toBeGreaterThan(0);
      expect(await asked(site, active, "stat", "--format", "%a", "/var/log/holdfast")).toBe("750\n");
      expect(await mirrorOf(site)).toMatchObject({ via: "inline", past: 0, why: null });
    });

    // Whoever stands still is killed by the agent, as far as the agent's own unit lets it.
    test.for([
      { signal: "KILL", ids: [0x60, 0x61] },
      { signal: "STOP", ids: [0x70, 0x71] },
    ])("gets SIG$signal, is there again, and takes sessions as before", async ({ signal, ids }) => {
      const { active } = await rolesOf(site);
      const pid = () => asked(site, active, "systemctl", "show", "--property", "MainPID", "--value", unit);
      const before = await pid();
      await asked(site, active, "systemctl", "kill", "--signal", signal, unit);
      await stage(site, `the multiplexer gets SIG${signal}, and is there again`, async () => {
        await expect.poll(async () => ["0\n", before].includes(await pid()), soon).toBe(false);
        await site.operator.settled();
      });
      // HAProxy sends sessions there once its checks have passed through.
      await expect.poll(() => passesThrough(site, active), soon).toBe(true);
      await sessions(site, ids);
    });
  });
}

/** Switches that speak for a while; the master controller sees each come, and hears all that it says. */
async function sessions({ lab }: Site, ids: readonly number[]): Promise<void> {
  const [base = 0] = ids;
  const load = [
    "--switches",
    String(ids.length),
    "--base",
    `0x${base.toString(16)}`,
    "--rate",
    "30",
    "--seconds",
    "3",
  ];
  const argv = [process.execPath, program.openflowLoad, "10.0.1.100", String(shared.port), ...load];
  const { exitCode, stdout } = await (await lab.machine("client-switches").spawn(argv)).ended;
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).messages.sent).toBeGreaterThan(50);
  const log = async () =>
    (await lab.machine("master").exec(["cat", `/run/log/master-${shared.master}.log`])).stdout.split("\n");
  for (const id of ids) {
    const datapath = id.toString(16).padStart(16, "0");
    for (const word of [`came ${datapath} `, `packet-in ${datapath} `, `gone ${datapath}`])
      await expect.poll(log, soon).toContainEqual(expect.stringContaining(word));
  }
}

/** Whether somebody listens at every server's socket, and HAProxy holds that every server answers there. */
async function passesThrough(site: Site, node: string): Promise<boolean> {
  const { lab } = site;
  const listening = await asked(site, node, "ss", "--no-header", "--listening", "--unix");
  if (!doors.every((door) => listening.includes(` ${door} `))) return false;
  const answer = await lab.machine(node).host.ask("/run/haproxy/admin.sock", "show stat -1 4 -1\n", 2_000);
  const states = [...answer.matchAll(new RegExp(`^${shared.name}\\.multiplexer,.*?,(UP|DOWN)`, "gm"))];
  return states.length === doors.length && states.every(([, state]) => state === "UP");
}

async function mirrorOf({ operator }: Site) {
  const { stdout } = await operator.holdfast("status", "--json");
  const { services } = JSON.parse(stdout) as { services: { name: string; mirror?: object }[] };
  return services.find(({ name }) => name === shared.name)?.mirror;
}

/** What it prints; it has to succeed. */
async function asked({ lab }: Site, node: string, ...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await lab.machine(node).exec(argv);
  expect(exitCode, `${argv.join(" ")}: ${stdout}${stderr}`).toBe(0);
  return stdout;
}
