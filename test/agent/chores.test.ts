import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Chores } from "../../src/agent/chores.js";

describe("chores", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const wokenChores = () => {
    const chores = new Chores();
    chores.woken(true);
    return chores;
  };

  test("are done when the process is awake after they are due, once, and never wake it", () => {
    const done: string[] = [];
    const chores = wokenChores();
    chores.after(1_000, () => void done.push("look"));
    vi.advanceTimersByTime(900);
    chores.awake(performance.now());
    expect(done).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(300);
    chores.awake(performance.now());
    chores.awake(performance.now());
    expect(done).toEqual(["look"]);
  });

  test("are done by a timer while nobody else wakes the process", () => {
    const done: number[] = [];
    const chores = wokenChores();
    const begun = performance.now();
    chores.after(1_000, () => void done.push(performance.now() - begun));
    chores.woken(false);
    vi.advanceTimersByTime(10_000);
    expect(done.map(Math.round)).toEqual([1_200]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that were taken back are not done, even by one before them in the same waking", () => {
    const done: string[] = [];
    const chores = wokenChores();
    chores.after(100, () => {
      done.push("first");
      takeBack();
    });
    const takeBack = chores.after(100, () => void done.push("second"));
    vi.advanceTimersByTime(150);
    chores.awake(performance.now());
    expect(done).toEqual(["first"]);
  });

  test("that are due anew at once wait for the next waking", () => {
    let done = 0;
    const chores = wokenChores();
    const again = () => {
      done += 1;
      chores.after(1, again);
    };
    chores.after(0, again);
    chores.awake(performance.now());
    expect(done).toBe(1);
  });
});
