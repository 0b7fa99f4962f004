import fc from "fast-check";
import { expect, test } from "vitest";
import { inRounds } from "../../src/drill/rounds.js";

const drills = ["power-loss", "link-down", "switchover", "partition", "agent-kill"];

test("one round is as it was asked for", () => {
  expect(inRounds(drills, 1, 7)).toEqual(drills);
});

test("each round has every drill once, in the order that follows from the seed", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), fc.nat(), (times, seed) => {
      const order = inRounds(drills, times, seed);
      expect(inRounds(drills, times, seed)).toEqual(order);
      for (let round = 0; round < times; round += 1)
        expect(order.slice(round * drills.length, (round + 1) * drills.length).toSorted()).toEqual(
          drills.toSorted(),
        );
    }),
  );
});

test("rounds differ", () => {
  const orders = new Set(Array.from({ length: 20 }, (_, seed) => inRounds(drills, 2, seed).join()));
  expect(orders.size).toBeGreaterThan(15);
});
