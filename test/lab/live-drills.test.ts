import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { LiveDrillResult } from "../../src/drill/live/live-measurement.js";
import type { DrillReport } from "../../src/drill/report.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { Desk, withDesk } from "./desk.js";
import { calmLab, ownersOf } from "./promises.js";
import { ensureBuilt, example, labFor } from "./topology.js";

const topology = withDesk(example("pair", "lab-live-drills"));
const { cluster } = topology;
let lab: Lab;
let desk: Desk;

beforeAll(async () => {
  await ensureBuilt();
  lab = await labFor(topology, { switches: 0 });
  desk = new Desk(lab);
  await desk.issue({ role: "operator", name: "anna" });
  await desk.write("/tmp/topology.yaml", topology.text);
});
beforeEach(async () => void (await calmLab(lab)));
afterAll(async () => void (await labDown(cluster.name)));

const drill = (...argv: string[]) =>
  desk.holdfast("drill", "run", ...argv, "-f", "/tmp/topology.yaml", "--yes");

/** Whether a bar in milliseconds holds is the bench's question, on a quiet machine. */
const apartFromBars = ({ verdict }: LiveDrillResult): string[] =>
  verdict.reasons.filter((reason) => !/\d ms, expected at most/.test(reason));

test("safe drills move the virtual IPs of real nodes and back, and tell who measured what", async () => {
  const { active, standby } = await calmLab(lab);
  const { exitCode, stdout, stderr } = await drill(
    "maintenance",
    "switchover",
    "--json",
    "--reports",
    "/tmp/r",
  );
  const report = JSON.parse(stdout) as DrillReport;
  const results = report.results as LiveDrillResult[];
  expect(results.map(apartFromBars), stderr).toEqual([[], []]);
  expect(exitCode).toBe(results.every(({ verdict }) => verdict.pass) ? 0 : 4);
  for (const { seen } of results) {
    expect(seen).toMatchObject({ moves: 2, active: { before: active, meanwhile: standby, after: active } });
    expect(seen.readings.map(({ what }) => what)).toContain("virtual IP silent for the new active node");
    // The operator's machine stands where no virtual IP is.
    expect(seen.unmeasured).toContainEqual({
      ...{ what: "virtual IP silent from here", why: "10.0.1.100 does not answer this machine" },
    });
  }
  expect(stderr).toContain(`On the real nodes of lab-live-drills, of which ${active} is active:`);
  const { stdout: written } = await desk.machine.exec(["sh", "-c", "cd /tmp/r/* && pwd && ls"]);
  expect(written).toMatch(/^\/tmp\/r\/\d{4}-\d\d-\d\dT\d{6}Z\nreport.html\nreport.json\n/);
});

test("whoever interrupts it finds the same node active as before", async () => {
  const { active } = await calmLab(lab);
  const program = `${process.cwd()}/dist/cli/main.js`;
  const running = await desk.machine.spawn([
    ...["env", "HOME=/tmp/home", `HOLDFAST_PKI=${desk.pki}`, process.execPath, program],
    ...["drill", "run", "maintenance", "-f", "/tmp/topology.yaml", "--yes"],
  ]);
  await expect.poll(() => ownersOf(lab), { timeout: 30_000, interval: 100 }).not.toContain(active);
  process.kill(running.pid, "SIGINT");
  expect(await running.ended).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(`undone; ${active} is active`),
  });
  expect((await calmLab(lab)).active).toBe(active);
});

test("a cluster that is not healthy is left alone, and what breaks something needs a lab", async () => {
  expect(await drill("power-loss")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /power-loss would break machines[\s\S]*--lab[\s\S]*maintenance, switchover/,
    ),
  });
  await desk.holdfast("maintenance", "on", "lb-b", "-f", "/tmp/topology.yaml");
  const refused = await drill("switchover");
  await desk.holdfast("maintenance", "off", "lb-b", "-f", "/tmp/topology.yaml");
  expect(refused).toMatchObject({
    exitCode: 4,
    stdout: expect.stringContaining("lb-b is not ready (maintenance)"),
  });
});
