import { expect, test } from "vitest";
import { type Bar, holds, table } from "../../bench/bench.js";

const bar = (figure: number, bounds: Pick<Bar, "atMost" | "atLeast">): Bar => ({
  ...{ name: "throughput", figure, unit: "x", detail: "" },
  ...bounds,
});

test("a figure may have a bar that it must not exceed, one that it must reach, or none", () => {
  const bars = [
    bar(1.2, { atMost: 1.15 }),
    bar(0.69, { atMost: null, atLeast: 0.7 }),
    bar(9, { atMost: null }),
  ];
  expect(bars.map(holds)).toEqual([false, false, true]);
  expect([bar(1.15, { atMost: 1.15 }), bar(0.7, { atMost: null, atLeast: 0.7 })].map(holds)).toEqual([
    true,
    true,
  ]);
  const [, ...rows] = table(bars).split("\n");
  expect(rows[0]).toContain("<= 1.150 x  FAIL");
  expect(rows[1]).toContain(">= 0.700 x  FAIL");
  expect(rows[2]).toMatch(/9\.000 x +-$/);
});

test("a figure that is none holds no bar", () => {
  expect(holds(bar(Number.NaN, { atMost: 1 }))).toBe(false);
  expect(holds(bar(Number.NaN, { atMost: null, atLeast: 1 }))).toBe(false);
});
