import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { CalibrationDesk } from "../../src/agent/calibration/calibration-desk.js";
import type { CalibrationRequest } from "../../src/api/calibration.js";
import { runner } from "../../src/host/run.js";
import { argvOf, descendantsOf } from "../../src/lab/processes.js";

const desk = (active = false) =>
  new CalibrationDesk({ node: "lb-a", host: { run: runner([]) }, isActive: () => active });
const request = (own: Partial<CalibrationRequest>): CalibrationRequest => ({
  ...{ seconds: 1, load: false, active_too: false, ...own },
});
const nobodyGone = new AbortController().signal;
const programs = (name: string): number[] =>
  descendantsOf(process.pid).filter((pid) => argvOf(pid).some((part) => part.endsWith(`/${name}`)));

/** What is killed is gone a moment later. */
afterEach(() => expect.poll(() => programs("busy_loops.py").concat(programs("timer_stalls.py"))).toEqual([]));

test("watches for as long as it is asked to, at keepalived's priority where the machine permits one", async () => {
  const { seconds, histogram, worst, ended, active } = await desk(true).measure(request({}), nobodyGone);
  expect(seconds).toBeGreaterThanOrEqual(0.99);
  expect({ ended, active }).toEqual({ ended: "in-full", active: true });
  expect(histogram.length > 0).toBe(worst > 0);
});

test("an active node carries no load unless asked to", async () => {
  const words = /it is active.*--active-too/;
  await expect(desk(true).measure(request({ load: true }), nobodyGone)).rejects.toThrow(words);
  const seen = await desk(true).measure(request({ load: true, active_too: true }), nobodyGone);
  expect(seen).toMatchObject({ load: true, ended: "in-full" });
});

test("a node that becomes active sheds its load at once and says so; meanwhile nobody else measures", async () => {
  const own = desk();
  const measured = own.measure(request({ load: true, seconds: 60 }), nobodyGone);
  await expect.poll(() => programs("busy_loops.py").length).toBeGreaterThan(1);
  await expect(own.measure(request({}), nobodyGone)).rejects.toThrow(/already/);
  own.role({ network: "switches", from: "master", to: "backup" });
  own.role({ network: "switches", from: "backup", to: "master" });
  const { ended, seconds, role_changes } = await measured;
  expect({ ended, role_changes }).toEqual({ ended: "became-active", role_changes: 2 });
  expect(seconds).toBeLessThan(30);
});

test("whoever asked is gone: so are the load and the watch, and the next may measure", async () => {
  const own = desk();
  const gone = new AbortController();
  const measured = own.measure(request({ load: true, seconds: 60 }), gone.signal).catch(() => "ended");
  await expect.poll(() => programs("busy_loops.py").length).toBeGreaterThan(1);
  gone.abort();
  expect(await measured).toBe("ended");
  expect((await own.measure(request({}), nobodyGone)).ended).toBe("in-full");
});

test("the load ends with whoever started it, however that ended", async () => {
  const script = `
    const { spawn } = require("node:child_process");
    const load = spawn("python3", ["-B", "programs/busy_loops.py", "60"], { stdio: ["ignore", "pipe", "inherit"] });
    load.stdout.once("data", () => console.log("ready"));`;
  const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(parent.stdout, "data");
  const loops = descendantsOf(parent.pid ?? 0);
  expect(loops.length).toBeGreaterThan(1);
  parent.kill("SIGKILL");
  await expect
    .poll(() => loops.filter((pid) => existsSync(`/proc/${pid}/exe`)), { timeout: 5_000 })
    .toEqual([]);
});
