import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { longestGap, outage } from "../../src/drill/series.js";

const everyMillisecond = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("the outage a client saw", () => {
  test("is nothing while every probe succeeds", () => {
    expect(outage(everyMillisecond(0, 500), 1, 100, 500)).toBe(0);
  });

  test("is the silence between two successes, less the interval between two probes", () => {
    const series = [...everyMillisecond(0, 200), ...everyMillisecond(260, 500)];
    expect(outage(series, 1, 200, 500)).toBe(59);
    expect(longestGap(series, 200, 500)).toEqual({ from: 200, until: 260, length: 60 });
  });

  test("begins with the last success before the fault", () => {
    expect(outage([90, 160], 10, 100, 200)).toBe(60);
  });

  test("ignores what was silent before the fault", () => {
    const series = [0, ...everyMillisecond(400, 500)];
    expect(outage(series, 1, 450, 500)).toBe(0);
  });

  test("lasts to the end of the watch when no probe succeeds again", () => {
    expect(longestGap(everyMillisecond(0, 100), 50, 3_000)).toEqual({
      from: 100,
      until: null,
      length: 2_900,
    });
  });

  test("is the whole watch when no probe ever succeeded", () => {
    expect(outage([], 1, 1_000, 4_000)).toBe(2_999);
  });

  test("is never negative and never longer than the watch and the success before it", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000 })), (moments) => {
        const series = [...new Set(moments)].sort((a, b) => a - b);
        const seen = outage(series, 1, 1_000, 4_000);
        expect(seen).toBeGreaterThanOrEqual(0);
        expect(seen).toBeLessThanOrEqual(4_000);
      }),
    );
  });
});
