import { expect, test } from "vitest";
import { Stall } from "../../../src/mirror/switch/stall.js";

test("whoever reads nothing waits, then is refused, then is let go; whoever reads again begins anew", () => {
  const stall = new Stall();
  const at = (now: number, isBehind: boolean) => {
    stall.look(isBehind, now);
    return [stall.waits(now), stall.isRefused(now), stall.isOver(now)];
  };
  expect(at(0, false)).toEqual([false, false, false]);
  expect(at(1_000, true)).toEqual([true, false, false]);
  expect(at(5_999, true)).toEqual([true, false, false]);
  expect(at(6_000, true)).toEqual([false, true, false]);
  expect(at(31_000, true)).toEqual([false, true, true]);
  expect(at(31_001, false)).toEqual([false, false, false]);
  expect(at(31_002, true)).toEqual([true, false, false]);
});

test("what it is told counts once it is refused, and a MiB is enough", () => {
  const stall = new Stall();
  stall.look(true, 0);
  expect(stall.takes(8_388_608, 4_000)).toBe(true);
  expect([stall.takes(1_048_576, 5_000), stall.takes(1, 5_000)]).toEqual([true, false]);
  stall.look(false, 6_000);
  stall.look(true, 7_000);
  expect(stall.takes(1, 12_000)).toBe(true);
});
