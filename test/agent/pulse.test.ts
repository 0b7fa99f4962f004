import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Pulse } from "../../src/agent/pulse.js";

const judge = { uneasy: 100, calm: 200 };

describe("an agent's pulse", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** What happened within one second. */
  function second(look: number, isUneasy: boolean) {
    const seen = { looks: 0, beats: 0 };
    const pulse = new Pulse(
      { look, judge, late: 150 },
      { look: () => void seen.looks++, isUneasy: () => isUneasy, beat: () => void seen.beats++ },
    );
    pulse.start();
    vi.advanceTimersByTime(1_000);
    pulse.stop();
    vi.advanceTimersByTime(1_000);
    return seen;
  }

  test("judges five times a second while all is well, ten times while anything is not", () => {
    expect(second(200, false)).toEqual({ looks: 5, beats: 5 });
    expect(second(200, true)).toEqual({ looks: 10, beats: 10 });
  });

  test("looks at keepalived more often where adverts are fast, and judges no more for that", () => {
    expect(second(50, false)).toEqual({ looks: 20, beats: 5 });
    expect(second(50, true)).toEqual({ looks: 20, beats: 10 });
  });

  test("says when the process stood still, since what arrived meanwhile is not read yet", () => {
    const late: boolean[] = [];
    const pulse = new Pulse(
      { look: 50, judge, late: 150 },
      { look: () => undefined, isUneasy: () => true, beat: (_, stood) => void late.push(stood) },
    );
    const clock = vi.spyOn(performance, "now");
    clock.mockReturnValue(0);
    pulse.start();
    clock.mockReturnValue(100);
    vi.advanceTimersByTime(50);
    clock.mockReturnValue(900);
    vi.advanceTimersByTime(50);
    pulse.stop();
    clock.mockRestore();
    expect(late).toEqual([false, true]);
  });
});
