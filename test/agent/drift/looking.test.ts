import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Looking } from "../../../src/agent/drift/looking.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a burst of a thousand changes is one look", async () => {
  const look = vi.fn(async () => {});
  const looking = new Looking(look, () => {});
  for (let change = 0; change < 1_000; change++) looking.request();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(look).toHaveBeenCalledTimes(1);
});

test("what changes during a look is looked at after it, never beside it", async () => {
  let [under, most] = [0, 0];
  const looking = new Looking(
    async () => {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setTimeout(resolve, 300));
      under--;
    },
    () => {},
  );
  for (let at = 0; at < 100; at++) {
    looking.request();
    if (at === 50) void looking.now();
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(most).toBe(1);
});

test("a storm that does not end is looked at for a fifth of the time at most", async () => {
  const look = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 100)));
  const looking = new Looking(look, () => {});
  for (let at = 0; at < 1_000; at++) {
    looking.request();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(look.mock.calls.length).toBeGreaterThan(10);
  expect(look.mock.calls.length).toBeLessThanOrEqual(20);
});

test("a look that fails is told and done again after five seconds", async () => {
  const failed = vi.fn();
  const look = vi.fn(async () => {
    if (look.mock.calls.length === 1) throw new Error("xtables lock");
  });
  const looking = new Looking(look, failed);
  looking.request();
  await vi.advanceTimersByTimeAsync(4_000);
  expect([look.mock.calls.length, failed.mock.calls.length]).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect([look.mock.calls.length, failed.mock.calls.length]).toEqual([2, 1]);
});

test("nothing is looked at any more once it is stopped", async () => {
  const look = vi.fn(async () => {});
  const looking = new Looking(look, () => {});
  looking.request();
  await looking.stop();
  looking.request();
  await looking.now();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(look).not.toHaveBeenCalled();
});
