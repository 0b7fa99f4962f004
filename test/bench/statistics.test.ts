import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { median, p99 } from "../../bench/statistics.js";
import { percentile } from "../../src/drill/percentile.js";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe("percentile", () => {
  it("of 100 runs, the 99th percentile is the second greatest", () => {
    expect(p99(upTo(100).toReversed())).toBe(99);
  });

  it("of fewer than 100 runs, the 99th percentile is the greatest", () => {
    expect(p99(upTo(99))).toBe(99);
    expect(p99([7])).toBe(7);
  });

  it.each([
    [0.05, 15],
    [0.3, 20],
    [0.4, 20],
    [0.5, 35],
    [1, 50],
  ])("of five values, the share %f is a measured one (nearest rank)", (share, value) => {
    expect(percentile([35, 20, 15, 50, 40], share)).toBe(value);
  });

  it("is exceeded by no more values than its share leaves, and no smaller value is", () => {
    const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (all, percent) => {
        const found = percentile(all, percent / 100);
        const atMost = (limit: number) => all.filter((value) => value <= limit).length * 100;
        expect(all).toContain(found);
        expect(atMost(found)).toBeGreaterThanOrEqual(percent * all.length);
        expect(atMost(found - 1)).toBeLessThan(percent * all.length);
      }),
    );
  });

  it("of nothing is an error, as the median is", () => {
    expect(() => p99([])).toThrow("nothing");
    expect(() => median([])).toThrow("nothing");
  });
});
