import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../src/topology/duration.js";
import { formatPath } from "../../src/topology/path.js";
import { quote } from "../../src/topology/quote.js";
import { closest, didYouMean, editDistance } from "../../src/topology/suggest.js";

describe("a duration", () => {
  test.each([
    ["100ms", 100],
    ["1s", 1000],
    ["40s", 40_000],
  ])("%s is %d ms", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
    expect(formatDuration(milliseconds)).toBe(text);
  });

  test.each(["1", "1.5s", "-1s", "1m", "1 s", "1S", "1e3ms", "99999999ms", ""])("%s is none", (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});

describe("a suggestion", () => {
  test.each([
    ["sevrers", "servers"],
    ["server", "servers"],
    ["adress", "address"],
    ["Listen", "listen"],
  ])("for %s is %s", (word, candidate) => {
    expect(closest(word, ["name", "listen", "servers", "address"])).toBe(candidate);
  });

  test("is not made when nothing is near", () => {
    expect(didYouMean("colour", ["name", "listen", "servers"])).toBe("");
    expect(didYouMean("x".repeat(100_000), ["x".repeat(100_000)])).toBe("");
  });

  test("rests on a distance that is symmetric and zero only for the same word", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});

test("a quoted string is printable ASCII and short, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      expect(quote(text)).toMatch(/^"[\x20-\x7e]{0,320}$/);
    }),
  );
  expect(quote("a\u2028b")).toBe('"a\\u2028b"');
});

test("a path names a hostile key without obeying it", () => {
  expect(formatPath(["services", 0, "listen"])).toBe("services[0].listen");
  expect(formatPath(["networks", "a\u001b[2J"])).toBe('networks["a\\u001b[2J"]');
});
