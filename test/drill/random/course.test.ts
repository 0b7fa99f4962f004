import fc from "fast-check";
import { expect, test } from "vitest";
import type { Blow } from "../../../src/drill/random/blow.js";
import { blowsFor } from "../../../src/drill/random/blows.js";
import { courseOf } from "../../../src/drill/random/course.js";
import { Dice } from "../../../src/drill/random/dice.js";
import { campus } from "../campus.js";

const blows = blowsFor(campus);
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const words = (seed: number) =>
  courseOf(blows, 6, new Dice(seed)).map(
    ({ what, blow, after }) => `${after} ${what} ${blow.injection.text}`,
  );

test("one seed is one course, another one another", () => {
  expect(words(7)).toEqual(words(7));
  expect(new Set([0, 1, 2, 3, 4].map((seed) => words(seed).join("\n"))).size).toBe(5);
});

test("everything that may be struck is named once, and every machine is among it", () => {
  expect(new Set(blows.map(({ injection }) => injection.text)).size).toBe(blows.length);
  expect(new Set(blows.flatMap(({ on }) => on))).toEqual(new Set(["lb-a", "lb-b", "c1", "c2", "c3"]));
});

test("what is struck is healed, nothing is struck twice at a time, and a machine without power not at all", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 20 }), (seed, strikes) => {
      const there = new Set<Blow>();
      let struck = 0;
      for (const { what, blow, after } of courseOf(blows, strikes, new Dice(seed))) {
        expect(after).toBeGreaterThan(0);
        if (what === "heal") expect(there.delete(blow)).toBe(true);
        else {
          struck += 1;
          expect(there.has(blow)).toBe(false);
          for (const each of there) {
            if (each.on.some((machine) => blow.on.includes(machine)))
              expect(each.whole || blow.whole).toBe(false);
            expect(each.claims.filter((claim) => blow.claims.includes(claim))).toEqual([]);
          }
          there.add(blow);
          expect(there.size).toBeLessThanOrEqual(3);
        }
      }
      expect([struck, there.size]).toEqual([strikes, 0]);
    }),
  );
});
