import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIp } from "../../src/topology/address.js";
import { destinationOf } from "../../src/vpn/session.js";

test("an address is read as the topology reads one, however it is written", () => {
  const part = fc.oneof(
    fc.nat({ max: 300 }).map(String),
    fc.constantFrom("", "00", "010", "1 ", "-1", "0x1"),
  );
  const dotted = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("."));
  fc.assert(
    fc.property(fc.oneof(dotted, fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
      const parsed = parseIp(text);
      fc.pre(!text.includes("/"));
      const expected =
        "refused" in parsed ? null : `${parsed.value.text}/${parsed.value.family === 4 ? 32 : 128}`;
      expect(destinationOf(text)).toBe(expected);
    }),
    { numRuns: 5_000 },
  );
});

test("a line's end is no part of an address", () => {
  expect(destinationOf("10.0.0.1\n")).toBeNull();
  expect(destinationOf("10.0.0.1.")).toBeNull();
});
