import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  contains,
  covers,
  formatIp,
  overlap,
  type Parsed,
  parseIp,
  parsePrefix,
  whyUnusable,
} from "../../src/topology/address.js";

const value = <T>(parsed: Parsed<T>): T => {
  if ("refused" in parsed) throw new Error(parsed.refused);
  return parsed.value;
};

describe("an address", () => {
  test.each([
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["10.0.1.1", "10.0.1.1"],
  ])("%s is written %s (RFC 5952)", (text, canonical) => {
    expect(value(parseIp(text)).text).toBe(canonical);
  });

  test.each([
    ["010.0.0.1", "leading zeros are ambiguous (octal or decimal); write the numbers without them"],
    ["10.0.0.256", "not an IPv4 address"],
    ["10.0.1", "not an IPv4 or IPv6 address"],
    ["0x0a000001", "not an IPv4 or IPv6 address"],
    ["10.0.0.1/24", "not an IPv4 or IPv6 address"],
    ["fe80::1%eth0", "an address with a zone is not supported"],
    [
      "::ffff:10.0.0.1",
      "write an IPv6 address without a dotted part (IPv4-mapped addresses are not supported)",
    ],
    ["1::2::3", "not an IPv6 address"],
    ["12345::", "not an IPv6 address"],
    ["１０.0.0.1", "not an IPv4 or IPv6 address"],
    ["", "not an IPv4 or IPv6 address"],
  ])("%s is refused", (text, refused) => {
    expect(parseIp(text)).toEqual({ refused });
  });

  test.each([
    ["0.0.0.0", "an unspecified address (RFC 1122, 3.2.1.3)"],
    ["127.0.0.1", "a loopback address"],
    ["224.0.0.18", "a multicast address"],
    ["255.255.255.255", "a reserved address (RFC 1112, 4)"],
    ["::", "the unspecified address"],
    ["::1", "the loopback address"],
    ["::ffff:a00:1", "an IPv4-mapped address; write it as IPv4"],
    ["fe80::1", "a link-local address, which needs a zone; use a global or unique local one"],
    ["ff02::12", "a multicast address"],
  ])("%s is no machine's", (text, why) => {
    expect(whyUnusable(value(parseIp(text)))).toBe(why);
  });

  test("survives being written and read again", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV4(),
          fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((each) => formatIp(6, each)),
        ),
        (text) => {
          const ip = value(parseIp(text));
          expect(formatIp(ip.family, ip.value)).toBe(ip.text);
          expect(value(parseIp(ip.text))).toEqual(ip);
        },
      ),
    );
  });
});

describe("a prefix", () => {
  test("with bits behind its length is refused, with the one that was meant", () => {
    expect(parsePrefix("10.0.1.5/24")).toEqual({
      refused: "bits are set behind the prefix length; did you mean `10.0.1.0/24`?",
    });
    expect(parsePrefix("2001:db8::1/64")).toEqual({
      refused: "bits are set behind the prefix length; did you mean `2001:db8::/64`?",
    });
  });

  test.each(["10.0.0.0", "10.0.0.0/", "10.0.0.0/033", "10.0.0.0/24/24", "10.0.0.0/-1", "/24"])(
    "%s is refused",
    (text) => {
      expect(parsePrefix(text)).toHaveProperty("refused");
    },
  );

  test("is at most as long as its address", () => {
    expect(parsePrefix("10.0.0.0/33")).toEqual({ refused: "the prefix length of IPv4 is at most 32" });
    expect(parsePrefix("::/129")).toEqual({ refused: "the prefix length of IPv6 is at most 128" });
  });

  test("holds its first and last address and none beside them", () => {
    const prefix = value(parsePrefix("10.0.1.128/25"));
    const holds = (text: string) => contains(prefix, value(parseIp(text)));
    expect(["10.0.1.127", "10.0.1.128", "10.0.1.255", "10.0.2.0", "::a00:180"].map(holds)).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  test("covers what is narrower; two overlap when one covers the other", () => {
    const [wide, narrow, beside] = ["10.0.0.0/16", "10.0.1.0/24", "10.1.0.0/16"].map((text) =>
      value(parsePrefix(text)),
    );
    if (!wide || !narrow || !beside) throw new Error("three prefixes");
    expect([
      covers(wide, narrow),
      covers(narrow, wide),
      overlap(narrow, wide),
      overlap(wide, beside),
    ]).toEqual([true, false, true, false]);
  });
});
