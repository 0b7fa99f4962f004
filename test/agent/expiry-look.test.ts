import { expect, test } from "vitest";
import { untilExpiryLook } from "../../src/agent/expiry-look.js";

const now = Date.parse("2026-05-01T12:00:00Z");

test("a certificate is looked at as its last second is over, and every ten minutes, since a clock may be set", () => {
  expect(untilExpiryLook(new Date(now + 5_000), now)).toBe(6_000);
  expect(untilExpiryLook(new Date(now + 86_400_000), now)).toBe(600_000);
  expect(untilExpiryLook(new Date(now - 5_000), now)).toBe(600_000);
  expect(untilExpiryLook(null, now)).toBe(600_000);
});
