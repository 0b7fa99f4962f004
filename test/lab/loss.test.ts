import { expect, test } from "vitest";
import { oneOf } from "../../src/lab/loss.js";

test("of a link that loses a tenth, the random words above nine tenths of all are lost", () => {
  expect(oneOf(10)).toBe("4,32 0 0 4294963256,53 0 1 3865470566,6 0 0 4294967295,6 0 0 0");
});
