import { describe, expect, it } from "vitest";
import { longest } from "../../bench/jitter.js";
import { toStall } from "../../src/agent/calibration/timer-stalls.js";

const stalls = ["0 1 1000.000 20.000", "40 0 1000.000 5.500", "0 0 2000.000 3.000"].map(toStall);

describe("the watch of the timers", () => {
  it("tells ordinary programs' stalls from those at keepalived's priority", () => {
    expect(longest(stalls, 990, 1_010)).toEqual({ ordinary: 20, realTime: 5.5 });
  });

  it("counts a stall that touches the time, whichever end of it", () => {
    expect(longest(stalls, 900, 985)).toEqual({ ordinary: 20, realTime: 0 });
    expect(longest(stalls, 1_000, 1_001)).toEqual({ ordinary: 20, realTime: 5.5 });
    expect(longest(stalls, 1_001, 1_990)).toEqual({ ordinary: 0, realTime: 0 });
  });
});
