import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Chores } from "../../src/agent/chores.js";

describe("chores", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("are done when the process is awake after they are due, once", () => {
    const done: string[] = [];
    const chores = new Chores();
    chores.after(1_000, 500, () => void done.push("look"));
    vi.advanceTimersByTime(900);
    chores.awake(performance.now());
    expect(done).toEqual([]);
    vi.advanceTimersByTime(300);
    chores.awake(performance.now());
    expect(done).toEqual(["look"]);
    vi.advanceTimersByTime(10_000);
    chores.awake(performance.now());
    expect(done).toEqual(["look"]);
  });

  test("are done when their patience ends, though nothing wakes the process", () => {
    const done: number[] = [];
    const begun = performance.now();
    new Chores().after(1_000, 500, () => void done.push(performance.now() - begun));
    vi.advanceTimersByTime(10_000);
    expect(done.map(Math.round)).toEqual([1_500]);
  });

  test("that were taken back are not done, even by one before them in the same waking", () => {
    const done: string[] = [];
    const chores = new Chores();
    chores.after(100, 100, () => {
      done.push("first");
      takeBack();
    });
    const takeBack = chores.after(100, 100, () => void done.push("second"));
    vi.advanceTimersByTime(150);
    chores.awake(performance.now());
    vi.advanceTimersByTime(10_000);
    expect(done).toEqual(["first"]);
  });
});
