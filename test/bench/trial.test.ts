import { describe, expect, it } from "vitest";
import { holds, table } from "../../bench/bench.js";
import { median, p99 } from "../../bench/statistics.js";
import { enough, figureOf, type Trial } from "../../bench/trial.js";

const trial = (cost: number, realTime = 0, ordinary = realTime): Trial<number> => ({
  cost,
  stalls: { ordinary, realTime },
});

const question = { name: "power loss", of: p99, atMost: 75, limit: 60 };

describe("figureOf", () => {
  it("sets a run apart whose machine stalled at keepalived's priority, and shows it", () => {
    const bar = figureOf([trial(50), trial(60), trial(180, 120)], question);
    expect(bar.figure).toBe(60);
    expect(bar.runs).toEqual({ counted: [50, 60], apart: [{ figure: 180, stall: 120 }] });
    expect(table([bar])).toContain("1 apart");
  });

  it("counts a run in which only ordinary programs stalled", () => {
    expect(figureOf([trial(180, 2, 120)], question)).toMatchObject({
      figure: 180,
      jitter: { ordinary: 120 },
    });
  });

  it("holds no bar when no run counts", () => {
    const bar = figureOf([trial(50, 100)], { ...question, of: median });
    expect(holds(bar)).toBe(false);
    expect(table([bar])).toContain("FAIL");
  });
});

describe("enough", () => {
  it("measures again in place of a run that is set apart", async () => {
    let run = 0;
    const trials = await enough(10, 60, async () => trial(50, run++ === 3 ? 100 : 0));
    expect(trials).toHaveLength(11);
  });

  it("gives up on a machine that stalls all the time", async () => {
    expect(await enough(10, 60, async () => trial(50, 100))).toHaveLength(12);
  });
});
