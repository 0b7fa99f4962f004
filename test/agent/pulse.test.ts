import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Pulse } from "../../src/agent/pulse.js";

const timing = { judge: { uneasy: 100, calm: 250 }, late: 150 };

describe("an agent's pulse", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test.each([
    ["four times a second while all is well", false, 4],
    ["ten times while anything is not", true, 10],
  ])("goes %s", (_, isUneasy, expected) => {
    let beats = 0;
    const pulse = new Pulse(timing, {
      beat: () => void beats++,
      calmFor: () => (isUneasy ? 0 : Number.POSITIVE_INFINITY),
    });
    pulse.start();
    vi.advanceTimersByTime(1_000);
    pulse.stop();
    vi.advanceTimersByTime(1_000);
    expect(beats).toBe(expected);
  });

  test("says when the process stood still, since what arrived meanwhile is not read yet", () => {
    const late: boolean[] = [];
    const listener = { beat: (_: number, stood: boolean) => void late.push(stood), calmFor: () => 0 };
    const pulse = new Pulse(timing, listener);
    const clock = vi.spyOn(performance, "now");
    clock.mockReturnValue(0);
    pulse.start();
    clock.mockReturnValue(120);
    vi.advanceTimersByTime(100);
    clock.mockReturnValue(900);
    vi.advanceTimersByTime(100);
    pulse.stop();
    clock.mockRestore();
    expect(late).toEqual([false, true]);
  });

  test("is had with a peer's when it is due soon, and then waits its full time again", () => {
    const beats: number[] = [];
    const pulse = new Pulse(timing, {
      beat: (now) => void beats.push(now),
      calmFor: () => Number.POSITIVE_INFINITY,
    });
    pulse.start();
    vi.advanceTimersByTime(200);
    pulse.join(performance.now());
    vi.advanceTimersByTime(40);
    for (const _ of ["one network", "another"]) pulse.join(performance.now());
    vi.advanceTimersByTime(260);
    pulse.stop();
    const since = beats.map((at) => Math.round(at - (beats[0] ?? 0)));
    // At 100 + 250 without the peer; its first beat came too early for that.
    expect(since).toEqual([0, 140, 390]);
  });

  test("does not follow a peer while anything is not well", () => {
    let beats = 0;
    const pulse = new Pulse(timing, { beat: () => void beats++, calmFor: () => 0 });
    pulse.start();
    vi.advanceTimersByTime(190);
    pulse.join(performance.now());
    vi.advanceTimersByTime(5);
    pulse.stop();
    expect(beats).toBe(1);
  });

  test("comes when a peer's beat is late, and not for one that arrived", () => {
    const beats: number[] = [];
    let heard = Number.POSITIVE_INFINITY;
    const calmFor = (now: number) => heard + 300 - now;
    const pulse = new Pulse(timing, { beat: (now) => void beats.push(now), calmFor });
    pulse.start();
    vi.advanceTimersByTime(100);
    // In step: the peer's beats come just after this node's.
    for (const _ of [1, 2]) {
      vi.advanceTimersByTime(2);
      heard = performance.now();
      pulse.join(heard);
      vi.advanceTimersByTime(248);
    }
    vi.advanceTimersByTime(155);
    pulse.stop();
    const since = beats.map((at) => Math.round(at - (beats[0] ?? 0)));
    // The last one, heard at 252, is missed 300 later and not at 750; then the pulse is quick.
    expect(since).toEqual([0, 250, 500, 553, 653]);
  });
});
