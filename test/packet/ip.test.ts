import fc from "fast-check";
import { expect, test } from "vitest";
import { addressBytes, addressText } from "../../src/packet/address.js";
import { checksum, pseudoHeader } from "../../src/packet/checksum.js";
import { macBytes, macText } from "../../src/packet/ethernet.js";
import { ipHeader, ipPacket } from "../../src/packet/ip.js";
import { formatIp, parseIp } from "../../src/topology/address.js";

const byte = fc.integer({ min: 0, max: 255 });
const address = (family: 4 | 6) =>
  fc.bigInt({ min: 0n, max: 2n ** (family === 4 ? 32n : 128n) - 1n }).map((value) => formatIp(family, value));

test("an address of the topology is the same again after it was in a packet", () => {
  fc.assert(
    fc.property(fc.oneof(address(4), address(6)), (text) => {
      fc.pre("value" in parseIp(text));
      expect(addressText(addressBytes(text))).toBe(text);
    }),
  );
  expect(addressBytes("fd09:1::100").toString("hex")).toBe("fd090001000000000000000000000100");
});

test("an address that is cut short is none", () => {
  for (const length of [0, 3, 5, 15])
    expect(() => addressText(Buffer.alloc(length)), `${length}`).toThrow(RangeError);
});

test.each([4, 6] as const)(
  "what an IPv%i header is given can be read from it, whatever stands behind",
  (family) => {
    const payload = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(
        address(family),
        address(family),
        byte,
        byte,
        payload,
        (from, to, protocol, hops, behind) => {
          fc.pre("value" in parseIp(from) && "value" in parseIp(to));
          const [source, target] = [addressBytes(from), addressBytes(to)];
          const header = ipHeader(source, target, protocol, behind.length, hops);
          expect(ipPacket(family, Buffer.concat([header, behind]))).toEqual({
            ...{ family, protocol, source, destination: target },
            ...{ continues: false, payload: behind },
          });
          expect(header.readUInt8(family === 4 ? 8 : 7)).toBe(hops);
          // With its own checksum in it, the sum of a right one is all ones.
          if (family === 4) expect(checksum(header)).toBe(0);
        },
      ),
    );
  },
);

test("a later piece of a packet is known as one, and the first is not", () => {
  const [source, target] = [addressBytes("10.0.1.2"), addressBytes("10.0.1.3")];
  const header = ipHeader(source, target, 17, 0);
  header.writeUInt16BE(0x2000, 6); // More follow.
  expect(ipPacket(4, header).continues).toBe(false);
  header.writeUInt16BE(0x2000 | 185, 6);
  expect(ipPacket(4, header).continues).toBe(true);
});

test("a header that is cut short is no packet", () => {
  const [source, target] = [addressBytes("10.0.1.2"), addressBytes("10.0.1.3")];
  const header = ipHeader(source, target, 17, 0);
  for (let length = 0; length < 20; length += 1)
    expect(() => addressText(ipPacket(4, header.subarray(0, length)).destination)).toThrow(RangeError);
});

test("the sum is that of RFC 1071, 3, and a length beyond a byte is in the pseudo-header", () => {
  expect(checksum(Buffer.from("0001f203f4f5f6f7", "hex"))).toBe(~0xddf2 & 0xffff);
  const nobody = Buffer.alloc(4);
  expect(pseudoHeader(nobody, nobody, 6, 0x1234).subarray(8).toString("hex")).toBe("00061234");
});

test("a link-layer address is the same again, and what is none stays none", () => {
  expect(macText(macBytes("02:68:66:00:00:0a") ?? Buffer.alloc(0))).toBe("02:68:66:00:00:0a");
  expect(macBytes("02:68:66:00:00")).toBeNull();
});
