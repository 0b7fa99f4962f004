import { expect, test } from "vitest";
import { Pace } from "../../../src/agent/vpn/pace.js";

/** A clock that only looks move, and how often there was one. */
function paced() {
  let [now, looks] = [0, 0];
  const pace = new Pace(() => now);
  return {
    pace,
    pass(milliseconds: number) {
      now += milliseconds;
    },
    /** @returns whether there was a look */
    async have(took: number) {
      const before = looks;
      await pace.have(async () => {
        looks += 1;
        now += took;
      });
      return looks > before;
    },
  };
}

test("a look that costs little is had each time", async () => {
  const { have } = paced();
  for (let round = 0; round < 5; round++) expect(await have(200)).toBe(true);
});

test("one that costs much rests for twenty times as long, and for ten seconds at most", async () => {
  const { have, pass } = paced();
  expect(await have(300)).toBe(true);
  pass(5_900);
  expect(await have(300)).toBe(false);
  pass(200);
  expect(await have(5_000)).toBe(true);
  pass(10_000);
  expect(await have(300)).toBe(true);
});

test("what happened does not wait", async () => {
  const { have, pace } = paced();
  await have(3_000);
  expect(await have(1)).toBe(false);
  pace.hasten();
  expect(await have(1)).toBe(true);
});
