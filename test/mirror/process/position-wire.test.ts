import fc from "fast-check";
import { expect, test } from "vitest";
import { datagramsOf, positionsIn } from "../../../src/mirror/process/position-wire.js";

const position = fc.record({
  key: fc.uint8Array({ minLength: 12, maxLength: 36 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  position: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  waiting: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

test("whatever is told is read again, in datagrams that no link cuts", () => {
  fc.assert(
    fc.property(fc.array(position, { maxLength: 200 }), (told) => {
      const datagrams = datagramsOf(told);
      expect(datagrams.flatMap(positionsIn)).toEqual(told);
      for (const datagram of datagrams) expect(datagram.length).toBeLessThanOrEqual(1_200);
    }),
  );
});

test("nothing is read of what is none, or is cut short", () => {
  const [whole = Buffer.alloc(0)] = datagramsOf([{ key: "k".repeat(12), position: 7, waiting: 1 }]);
  expect(positionsIn(whole)).toHaveLength(1);
  for (let length = 5; length < whole.length; length += 1)
    expect(positionsIn(whole.subarray(0, length))).toEqual([]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(positionsIn(Buffer.from(bytes))).toEqual([]);
    }),
  );
});
