import { expect, test } from "vitest";
import { Pace } from "../../../src/agent/vpn/pace.js";

/** Clocks, of which looks move that of the processor alone, and how often there was one. */
function paced() {
  let [now, spent, looks] = [0, 0, 0];
  let during = () => {};
  const pace = new Pace(
    () => now,
    () => spent,
  );
  return {
    pace,
    pass(milliseconds: number) {
      now += milliseconds;
    },
    /** What happens during the looks from now on. */
    meanwhile(happens: () => void) {
      during = happens;
    },
    /** @param cost milliseconds of processor @returns whether there was a look */
    async have(cost: number) {
      const before = looks;
      await pace.have(async () => {
        looks += 1;
        now += cost;
        spent += cost;
        during();
      });
      return looks > before;
    },
  };
}

test("a look that costs little is had each time", async () => {
  const { have, pass } = paced();
  for (let round = 0; round < 5; round++, pass(2_000)) expect(await have(40)).toBe(true);
});

test("one that costs much rests for forty times as long, and for thirty seconds at most", async () => {
  const { have, pass } = paced();
  expect(await have(300)).toBe(true);
  pass(11_900);
  expect(await have(300)).toBe(false);
  pass(200);
  expect(await have(5_000)).toBe(true);
  pass(29_900);
  expect(await have(300)).toBe(false);
  pass(200);
  expect(await have(300)).toBe(true);
});

test("what happened does not wait", async () => {
  const { have, pace } = paced();
  await have(300);
  expect(await have(1)).toBe(false);
  pace.hasten();
  expect(await have(1)).toBe(true);
});

test("what happens during a look is looked at by the next", async () => {
  const { have, meanwhile, pace } = paced();
  meanwhile(() => pace.hasten());
  await have(300);
  meanwhile(() => {});
  expect(await have(300)).toBe(true);
  expect(await have(1)).toBe(false);
});
