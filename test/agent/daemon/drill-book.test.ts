import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DrillBook, mostVerdicts } from "../../../src/agent/daemon/drill-book.js";
import { drillEvent } from "../../../src/agent/daemon/drill-event.js";
import { EventLog } from "../../../src/agent/events/log.js";
import type { DrillNote } from "../../../src/api/drill-note.js";

let directory: string;
let log: EventLog;
let book: DrillBook;
const open = async () => {
  log = await EventLog.open(directory, "lb-a");
  book = new DrillBook(log);
};
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-drills-"));
  await open();
});
afterEach(async () => {
  await log.close();
  await rm(directory, { recursive: true });
});

const note = (drill: string, ...outcomes: DrillNote["outcome"][]) =>
  outcomes.reduce(
    (before, outcome) =>
      before.then(() => book.note(drillEvent({ drill, fault: "lb-a -> lb-b", outcome }, "anna"))),
    Promise.resolve(),
  );
const passed = () => Object.fromEntries(book.verdicts.map((verdict) => [verdict.drill, verdict.passed]));

test("the last verdict on each drill counts, and neither a beginning nor an interruption is one", async () => {
  await note("switchover", "begins");
  expect(book.verdicts).toEqual([]);
  await note("switchover", "passed", "begins", "failed", "begins", "interrupted");
  await note("maintenance", "begins", "passed");
  expect(passed()).toEqual({ switchover: false, maintenance: true });
  await note("switchover", "passed");
  expect(passed()).toEqual({ switchover: true, maintenance: true });
});

test("an agent that starts again knows what it knew, however much happened since", async () => {
  await note("switchover", "begins", "failed");
  await note("maintenance", "passed");
  const before = book.verdicts;
  for (let each = 1; each <= 1_200; each += 1)
    log.append({ kind: "server", text: `c1 is down, for the ${each}th time`, details: {} });
  await log.close();
  await open();
  expect(book.verdicts).toEqual([]);
  await book.recall();
  expect(book.verdicts).toEqual(before);
  expect(Date.now() - Date.parse(before[0]?.at ?? "")).toBeLessThan(60_000);
});

test("nothing else that the log tells is taken for a verdict", async () => {
  log.append({ kind: "drill", text: "by an older version", details: {} });
  log.append({ kind: "apply", text: "an apply", details: { drill: "switchover", outcome: "passed" } });
  await log.settled();
  await book.recall();
  expect(book.verdicts).toEqual([]);
});

test("whoever makes names up gets the newest of them, and no more", async () => {
  for (let each = 1; each <= mostVerdicts + 5; each += 1) await note(`drill-${each}`, "passed");
  expect(book.verdicts).toHaveLength(mostVerdicts);
  expect(book.verdicts.at(-1)?.drill).toBe(`drill-${mostVerdicts + 5}`);
});
