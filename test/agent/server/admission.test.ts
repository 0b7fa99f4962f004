import { expect, test } from "vitest";
import { Admission } from "../../../src/agent/server/admission.js";
import type { Caller } from "../../../src/agent/server/caller.js";
import { TokenBuckets } from "../../../src/agent/server/token-buckets.js";
import type { Role } from "../../../src/api/identity.js";

const holder = (name: string, role: Role): Caller => ({
  kind: "holder",
  identity: { cluster: "campus", role, name },
});

test("a viewer asks 60 times at once, then 20 times a second, and is told how long to wait", () => {
  const admission = new Admission();
  const anna = holder("anna", "viewer");
  for (let n = 0; n < 60; n++) admission.admit(anna, "viewer", 0);
  expect(() => admission.admit(anna, "viewer", 0)).toThrow(
    expect.objectContaining({ status: 429, retryAfter: 1 }),
  );
  for (let n = 0; n < 20; n++) admission.admit(anna, "viewer", 1_000);
  expect(() => admission.admit(anna, "viewer", 1_000)).toThrow(expect.objectContaining({ status: 429 }));
  admission.admit(holder("ben", "viewer"), "viewer", 1_000);
});

test("root is never told to wait", () => {
  const admission = new Admission();
  for (let n = 0; n < 10_000; n++) admission.admit({ kind: "root" }, "node", 0);
});

test("an operator has at most four changes under way, and a fifth once one is done", () => {
  const admission = new Admission();
  const anna = holder("anna", "operator");
  const [first] = [0, 1, 2, 3].map(() => admission.begin(anna, "change"));
  expect(() => admission.begin(anna, "change")).toThrow(expect.objectContaining({ status: 429 }));
  admission.begin(holder("ben", "operator"), "change");
  first?.();
  admission.begin(anna, "change");
});

test("a viewer has at most four looks under way and sixteen streams, whatever others have", () => {
  const admission = new Admission();
  const wall = holder("wall", "viewer");
  const [first] = Array.from({ length: 4 }, () => admission.begin(wall, "look"));
  expect(() => admission.begin(wall, "look")).toThrow(
    expect.objectContaining({ status: 429, retryAfter: 1 }),
  );
  for (let n = 0; n < 16; n++) admission.begin(wall, "stream");
  expect(() => admission.begin(wall, "stream")).toThrow(expect.objectContaining({ status: 429 }));
  admission.begin(holder("scraper", "viewer"), "look");
  first?.();
  admission.begin(wall, "look");
});

test("a thousand invented addresses do not make the memory of them grow", () => {
  const buckets = new TokenBuckets();
  const allowance = { perSecond: 1, burst: 1 };
  expect(buckets.take("anna", allowance, 0)).toBe(0);
  for (let n = 0; n < 100_000; n++) {
    buckets.take(`10.0.${n >> 8}.${n & 255}`, allowance, 0);
    if (n % 100 === 0) buckets.take("anna", allowance, 0);
  }
  expect(buckets.take("anna", allowance, 0), "whoever keeps asking is remembered").toBeGreaterThan(0);
  expect(buckets).toHaveProperty("buckets.size", 1_024);
});
