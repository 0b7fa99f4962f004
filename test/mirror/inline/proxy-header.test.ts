import { expect, test } from "vitest";
import { proxyHeaderIn } from "../../../src/mirror/inline/proxy-header.js";
import { proxied } from "./proxied.js";

test("a client's address and port, of either family", () => {
  expect(proxyHeaderIn(proxied("10.0.1.7", 40_001))).toEqual({
    client: { address: "10.0.1.7", port: 40_001 },
    length: 28,
  });
  expect(proxyHeaderIn(proxied("fd00::7", 40_001))?.client).toEqual({ address: "fd00::7", port: 40_001 });
});

test("what follows is not looked at, and what is not whole yet is waited for", () => {
  const header = proxied("10.0.1.7", 40_001);
  for (let length = 0; length < header.length; length += 1)
    expect(proxyHeaderIn(header.subarray(0, length))).toBeNull();
  expect(proxyHeaderIn(Buffer.concat([header, Buffer.from("0400", "hex")]))?.length).toBe(header.length);
});

test("a health check of the proxy's own has no client", () => {
  expect(proxyHeaderIn(proxied(null, 0))).toEqual({ client: null, length: 16 });
});

test.each([
  ["other words", Buffer.from("0400000800000001", "hex")],
  ["another version", Buffer.from("0d0a0d0a000d0a515549540a1111000c000000000000000000000000", "hex")],
  ["an address that is cut short", Buffer.from("0d0a0d0a000d0a515549540a2111000400000000", "hex")],
])("%s are refused", (_, bytes) => {
  expect(() => proxyHeaderIn(bytes)).toThrow(RangeError);
});
