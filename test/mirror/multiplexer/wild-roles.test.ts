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
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("write" as const), who }) },
  { weight: 1, arbitrary: fc.constant({ kind: "leave" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("depose" as const), later: fc.bigInt({ min: 0n, max: 2n }) }),
  },
);

test("in whatever order two controllers ask, write, are answered, deposed and leave, one is master at most, each is what it was last told, and the switch hears of nobody that wants to be master who did not ask", () => {
  fc.assert(
    fc.property(fc.constantFrom(4, 5, 6), fc.array(step, { maxLength: 30 }), (version, steps) => {
      const wild = new WildRoles(version);
      for (const each of steps) wild.take(each);
      wild.settle();
      const told = { ...wild.told };
      const parties = wild.isMasterThere ? (["pool", "master"] as const) : (["pool"] as const);
      expect(Object.values(told).filter((role) => role === Role.master).length).toBeLessThanOrEqual(1);
      for (const each of parties) expect([each, wild.whatIs(each)]).toEqual([each, told[each]]);
      expect(wild.complaints).toEqual([]);
      // The switch lets the connection do what the stronger of both may, and no more.
      const roles: number[] = parties.map((each) => told[each]);
      const strongest = [Role.master, Role.equal, Role.slave].find((role) => roles.includes(role));
      if (!wild.wasMoody) expect(wild.connection).toBe(strongest);
      else if (roles.includes(Role.equal)) expect(wild.connection).not.toBe(Role.slave);
    }),
    { numRuns: 2_000 },
  );
});
