import fc from "fast-check";
import { expect, test } from "vitest";
import { bareAck } from "../../../src/agent/release/segment.js";
import { formatIp } from "../../../src/topology/address.js";

/** Of all 16-bit words, with the carry added in (RFC 1071): 0xffff where a checksum among them is right. */
function sum(...parts: readonly Buffer[]): number {
  const words = parts.flatMap((part) => [...part].map((byte, place) => (place % 2 === 0 ? byte << 8 : byte)));
  return words.reduce((total, word) => total + word, 0) % 0xffff === 0 ? 0xffff : 0;
}

const port = fc.integer({ min: 1, max: 65_535 });
const sequence = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const address = (family: 4 | 6) =>
  fc
    .bigInt({ min: 1n, max: 2n ** (family === 4 ? 32n : 128n) - 1n })
    .map((value) => formatIp(family, value))
    .filter((text) => !text.startsWith("::")); // No IPv4 in IPv6's clothes.
const end = (family: 4 | 6) => fc.record({ address: address(family), port });

test("byte for byte, with the checksums that another program computed", () => {
  const from = { address: "10.0.1.100", port: 6653 };
  const to = { address: "10.0.1.20", port: 43_210 };
  const bytes = bareAck({ from, to }, 0x01020304);
  expect(bytes.subarray(0, 20).toString("hex")).toBe("450000280000400040062459" + "0a000164" + "0a000114");
  expect(bytes.subarray(20).toString("hex")).toBe(`19fda8ca${"01020304"}${"00000000"}5010ffffd28f${"0000"}`);
});

test.each([4, 6] as const)(
  "IPv%i: both checksums are right, and every field is where it belongs",
  (family) => {
    fc.assert(
      fc.property(end(family), end(family), sequence, (from, to, number) => {
        const bytes = bareAck({ from, to }, number);
        const length = family === 4 ? 20 : 40;
        const [header, segment] = [bytes.subarray(0, length), bytes.subarray(length)];
        const addresses = header.subarray(family === 4 ? 12 : 8);
        if (family === 4) expect(sum(header)).toBe(0xffff);
        expect(header.readUInt16BE(family === 4 ? 2 : 4)).toBe(family === 4 ? 40 : 20);
        expect(sum(addresses, Buffer.from([0, 6, 0, 20]), segment)).toBe(0xffff);
        expect([segment.readUInt16BE(0), segment.readUInt16BE(2)]).toEqual([from.port, to.port]);
        expect(segment.readUInt32BE(4)).toBe(number);
        expect(segment.length).toBe(20);
      }),
    );
  },
);
