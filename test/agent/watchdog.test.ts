import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test, vi } from "vitest";
import { Watchdog } from "../../src/agent/watchdog.js";

const directory = mkdtempSync(join(tmpdir(), "holdfast-watchdog-"));
const heard = join(directory, "heard");
const notify = join(directory, "notify");
writeFileSync(notify, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >>${heard}\n`);
chmodSync(notify, 0o755);
afterAll(() => rmSync(directory, { recursive: true }));

const words = (): string[] => readFileSync(heard, "utf8").trim().split("\n");
const environment = { NOTIFY_SOCKET: "/run/systemd/notify", WATCHDOG_USEC: "90000" };

test("systemd hears that the agent is ready, then three times a period that its loop turns", async () => {
  writeFileSync(heard, "");
  const watchdog = new Watchdog(environment, notify);
  expect(watchdog.every).toBe(30);
  watchdog.ready();
  await vi.waitFor(() => expect(words().length).toBeGreaterThan(2), 5_000);
  watchdog.stop();
  expect(words()[0]).toBe("/run/systemd/notify --ready");
  expect(new Set(words().slice(1))).toEqual(new Set(["/run/systemd/notify WATCHDOG=1"]));
});

test("a loop that is held says nothing", async () => {
  const watchdog = new Watchdog(environment, notify);
  watchdog.ready();
  await vi.waitFor(() => expect(words().length).toBeGreaterThan(1), 5_000);
  await sleep(100); // Whatever was begun has ended.
  const before = words().length;
  const until = performance.now() + 500;
  while (performance.now() < until);
  expect(words().length - before).toBeLessThan(3);
  watchdog.stop();
});

test("where nobody listens, in the lab or by hand, no program is started", async () => {
  writeFileSync(heard, "");
  new Watchdog({ WATCHDOG_USEC: "90000" }, notify).ready();
  const ready = new Watchdog({ NOTIFY_SOCKET: "/run/systemd/notify" }, notify);
  expect(ready.every).toBeNull();
  await sleep(200);
  expect(words()).toEqual([""]);
});

test("a systemd-notify that is missing harms nobody", async () => {
  const watchdog = new Watchdog(environment, join(directory, "missing"));
  watchdog.ready();
  await sleep(100);
  watchdog.stop();
});
