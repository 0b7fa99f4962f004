import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Role } from "../../../src/mirror/openflow/role.js";
import { type Step, WildRoles } from "./wild-roles.js";

const who = fc.constantFrom("pool" as const, "master" as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      who,
      role: fc.integer({ min: 0, max: 3 }),
      generation: fc.bigInt({ min: 0n, max: 5n }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("answer" as const), refuses: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ kind: "leave" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "depose" as const }) },
);

test("in whatever order two controllers ask, are answered and leave, one is master at most, and each is what it was last told", () => {
  fc.assert(
    fc.property(fc.constantFrom(4, 5, 6), fc.array(step, { maxLength: 24 }), (version, steps) => {
      const wild = new WildRoles(version);
      for (const each of steps) wild.take(each);
      wild.settle();
      const told = { ...wild.told };
      expect(Object.values(told).filter((role) => role === Role.master).length).toBeLessThanOrEqual(1);
      expect({ pool: wild.whatIs("pool"), master: wild.whatIs("master") }).toEqual(told);
      // The switch lets the connection do what either may.
      if (!wild.wasMoody && Object.values(told).includes(Role.master))
        expect(wild.connection).toBe(Role.master);
      if (Object.values(told).includes(Role.equal)) expect(wild.connection).not.toBe(Role.slave);
    }),
    { numRuns: 2_000 },
  );
});
