import { expect, test } from "vitest";
import { Admission } from "../../../src/agent/server/admission.js";
import type { Caller } from "../../../src/agent/server/caller.js";
import { TokenBuckets } from "../../../src/agent/server/token-buckets.js";
import type { Role } from "../../../src/api/identity.js";

const holder = (name: string, role: Role): Caller => ({
  kind: "holder",
  identity: { cluster: "campus", role, name },
});

const session = (name: string, role: Role): Caller => ({
  kind: "session",
  identity: { cluster: "campus", role, name },
  left: 1_000,
});

/** Whoever asks waits for the answer. */
const stays = () => new AbortController().signal;

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

test("an operator has at most four changes under way, and a fifth once one is done", async () => {
  const admission = new Admission();
  const anna = holder("anna", "operator");
  const [first] = await Promise.all([0, 1, 2, 3].map(() => admission.begin(anna, "change", stays())));
  await expect(admission.begin(anna, "change", stays())).rejects.toMatchObject({ status: 429 });
  await admission.begin(holder("ben", "operator"), "change", stays());
  first?.();
  await admission.begin(anna, "change", stays());
});

test("a viewer has at most four looks under way and sixteen streams, whatever others have", async () => {
  const admission = new Admission();
  const wall = holder("wall", "viewer");
  const first = await admission.begin(wall, "look", stays());
  for (let n = 1; n < 4; n++) await admission.begin(wall, "look", stays());
  await expect(admission.begin(wall, "look", stays())).rejects.toMatchObject({ status: 429, retryAfter: 1 });
  for (let n = 0; n < 16; n++) await admission.begin(wall, "stream", stays());
  await expect(admission.begin(wall, "stream", stays())).rejects.toMatchObject({ status: 429 });
  await admission.begin(holder("scraper", "viewer"), "look", stays());
  first();
  await admission.begin(wall, "look", stays());
});

test("twenty open pages of one person look four at a time, each in its turn, and follow two streams each", async () => {
  const admission = new Admission();
  const page = session("anna", "operator");
  const ends: (() => void)[] = [];
  let [begun, most] = [0, 0];
  const looks = Array.from({ length: 20 }, async () => {
    admission.admit(page, "viewer", 0);
    const end = await admission.begin(page, "look", stays());
    begun += 1;
    ends.push(end);
    most = Math.max(most, ends.length);
  });
  while (begun < 20) {
    await new Promise((resolve) => setImmediate(resolve));
    ends.shift()?.();
  }
  await Promise.all(looks);
  expect(most).toBe(4);
  for (let n = 0; n < 40; n++) await admission.begin(page, "stream", stays());
  await expect(admission.begin(page, "stream", stays())).rejects.toMatchObject({ status: 429 });
});

test("what a person's pages ask takes nothing away from the person's programs, and has an end itself", async () => {
  const admission = new Admission();
  const [page, program] = [session("anna", "operator"), holder("anna", "operator")];
  for (let n = 0; n < 240; n++) admission.admit(page, "viewer", 0);
  expect(() => admission.admit(page, "viewer", 0)).toThrow(expect.objectContaining({ status: 429 }));
  admission.admit(program, "operator", 0);
  const looks = Array.from({ length: 4 + 128 }, () => admission.begin(page, "look", stays()));
  await expect(admission.begin(page, "look", stays())).rejects.toMatchObject({ status: 429 });
  await admission.begin(program, "look", stays());
  await looks[3];
});

test("the page's files have a limit of their own for each address, and none through the node's socket", () => {
  const admission = new Admission();
  for (let n = 0; n < 400; n++) admission.admitToFiles("10.0.0.1", 0);
  expect(() => admission.admitToFiles("10.0.0.1", 0)).toThrow(expect.objectContaining({ status: 429 }));
  admission.admitToFiles("10.0.0.2", 0);
  admission.admit({ kind: "nobody", address: "10.0.0.1", why: "" }, null, 0);
  for (let n = 0; n < 10_000; n++) admission.admitToFiles(null, 0);
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
