import { expect, test } from "vitest";
import { Standstill } from "../../../src/agent/mirror/standstill.js";

const looks = (standstill: Standstill, count: number, isStopped: boolean) =>
  Array.from({ length: count }, () => standstill.look(() => isStopped));

test("one that was stopped stands still at the third look without a word", () => {
  const standstill = new Standstill();
  expect(looks(standstill, 3, true)).toEqual([false, false, true]);
});

test("one that is only busy is given twenty", () => {
  const standstill = new Standstill();
  expect(looks(standstill, 20, false)).toEqual([...Array(19).fill(false), true]);
});

test("a word begins it anew", () => {
  const standstill = new Standstill();
  looks(standstill, 19, false);
  standstill.heard();
  expect(looks(standstill, 2, true)).toEqual([false, false]);
});

test("nobody is asked whether it was stopped as long as it speaks", () => {
  const standstill = new Standstill();
  for (let round = 0; round < 5; round += 1) {
    standstill.heard();
    expect(
      standstill.look(() => {
        throw new Error("it was asked");
      }),
    ).toBe(false);
  }
});
