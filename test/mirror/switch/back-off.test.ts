import { expect, test } from "vitest";
import { BackOff } from "../../../src/mirror/switch/back-off.js";

test("pauses double up to five seconds, and only a session that stood for half a minute begins them anew", () => {
  const backOff = new BackOff(() => 1);
  expect([0, 0, 29_999, 0, 0, 0, 0].map((stood) => backOff.after(stood))).toEqual([
    ...[250, 500, 1_000, 2_000, 4_000, 5_000, 5_000],
  ]);
  expect([30_000, 0].map((stood) => backOff.after(stood))).toEqual([250, 500]);
});

test("of many that begin together each takes from half of its pause to the whole", () => {
  const pauses = [0, 0.25, 1].map((drawn) => new BackOff(() => drawn).after(0));
  expect(pauses).toEqual([125, 156.25, 250]);
});
