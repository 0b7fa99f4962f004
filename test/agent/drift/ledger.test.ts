import { expect, test } from "vitest";
import { Attempts } from "../../../src/agent/drift/attempts.js";
import { DriftLedger } from "../../../src/agent/drift/drift-ledger.js";
import { settingPath } from "../../../src/agent/drift/glimpse.js";
import { allowance } from "../../../src/agent/drift/heal.js";
import type { Deviation } from "../../../src/observe/deviation.js";

const edited = (diff: string): Deviation => ({
  kind: "file",
  what: "/etc/haproxy/haproxy.cfg",
  diff,
  sentence: "/etc/haproxy/haproxy.cfg was changed by hand",
});

test("drift is told when it is found and when it is gone, and keeps the time of its beginning while it changes", () => {
  const ledger = new DriftLedger();
  const first = ledger.update("files", [edited("+a")], "2026-01-01T00:00:00.000Z");
  expect(first.found).toMatchObject([{ diff: "+a", since: "2026-01-01T00:00:00.000Z" }]);
  expect(ledger.update("files", [edited("+a")], "2026-01-01T00:00:01.000Z")).toEqual({ found: [], gone: [] });
  const again = ledger.update("files", [edited("+b")], "2026-01-01T00:00:02.000Z");
  expect(again.found).toMatchObject([{ diff: "+b", since: "2026-01-01T00:00:00.000Z" }]);
  expect(ledger.items()).toHaveLength(1);
  const end = ledger.update("files", [], "2026-01-01T00:00:03.000Z");
  expect(end).toMatchObject({ found: [], gone: [{ diff: "+b" }] });
  expect(ledger.items()).toEqual([]);
});

test("a look at one part says nothing about the others", () => {
  const ledger = new DriftLedger();
  ledger.update("files", [edited("+a")], "2026-01-01T00:00:00.000Z");
  expect(ledger.update("rules", [], "2026-01-01T00:00:01.000Z")).toEqual({ found: [], gone: [] });
  expect(ledger.items()).toHaveLength(1);
});

test("the same is put back three times in ten minutes at most; something else has its own count", () => {
  const attempts = new Attempts(allowance);
  for (const now of [0, 1_000, 2_000]) {
    expect(attempts.mayTry("a", now)).toBe(true);
    attempts.tried("a", now);
  }
  expect(attempts.mayTry("a", 3_000)).toBe(false);
  expect(attempts.mayTry("b", 3_000)).toBe(true);
  expect(attempts.mayTry("a", 599_999)).toBe(false);
  expect(attempts.mayTry("a", 600_000)).toBe(true);
});

test("a kernel setting is found under its own name, also of a device with a dot in its name", () => {
  expect(settingPath("net.ipv4.ip_forward")).toBe("/proc/sys/net/ipv4/ip_forward");
  expect(settingPath("net.ipv4.conf.eth1/100.rp_filter")).toBe("/proc/sys/net/ipv4/conf/eth1.100/rp_filter");
});
