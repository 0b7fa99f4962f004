import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EventLog } from "../../src/agent/events/log.js";
import { transpiled } from "./transpiled.js";

let directory: string;
let program: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-event-log-"));
  program = await transpiled("test/engines/event-log-child.ts", join(directory, "program"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test("a killed agent has every event that it told, and counts on without a gap", async () => {
  const log = join(directory, "log");
  let told = 0;
  for (let round = 0; round < 8; round += 1) {
    const child = spawn(process.execPath, [program, "burst", log], { stdio: ["ignore", "pipe", "inherit"] });
    const said = text(child.stdout);
    await once(child.stdout, "data");
    setTimeout(() => child.kill("SIGKILL"), 20 + 37 * round);
    const numbers = (await said).split("\n").slice(0, -1).map(Number).filter(Number.isInteger);
    told = numbers.at(-1) ?? told;
    const opened = await EventLog.open(log, "lb-a");
    expect(opened.last).toBeGreaterThanOrEqual(told);
    expect(opened.damaged).toBe(0);
    const kept = await opened.read({ after: 0, limit: 1_000_000 });
    const first = kept[0]?.sequence ?? 0;
    expect(kept.map(({ sequence }) => sequence)).toEqual(kept.map((_, index) => first + index));
    expect(kept.at(-1)?.sequence).toBe(opened.last);
    await opened.close();
  }
  expect(told).toBeGreaterThan(100);
});

test("a full disk costs no event: they are told from memory, and written when there is room", async () => {
  const place = join(directory, "full");
  await mkdir(place);
  const argv = ["--mount", process.execPath, program, "full", place];
  const child = spawn("unshare", argv, { stdio: ["ignore", "pipe", "inherit"] });
  const [during, after] = (await text(child.stdout))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(during.trouble).toMatch(/^the event log cannot be written: ENOSPC/);
  expect(during.told).toBe(101);
  expect(after.numbers).toEqual(Array.from({ length: 102 }, (_, index) => index + 1));
  expect(after.last).toMatch(/could not be written for \d+ s \(ENOSPC.*\); nothing is missing$/);
});
