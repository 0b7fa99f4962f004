import { expect, test } from "vitest";
import { newTraces } from "../../src/drill/traces.js";

const before = new Map([
  ["lb-a", new Set(["link eth1 UP", "mount none /run"])],
  ["the wire", new Set<string>()],
]);

test("what a fault left on a machine or between them is told with its place, and so is what it took", () => {
  expect(newTraces(before, before)).toEqual([]);
  const after = new Map([
    ["lb-a", new Set(["mount none /run", "haproxy -W stands still"])],
    ["the wire", new Set(["-A FORWARD -p IPv4 --ip-proto 112 -j DROP"])],
  ]);
  expect(newTraces(before, after)).toEqual([
    "left on lb-a: haproxy -W stands still",
    "gone from lb-a: link eth1 UP",
    "left on the wire: -A FORWARD -p IPv4 --ip-proto 112 -j DROP",
  ]);
});
