import fc from "fast-check";
import { expect, test } from "vitest";
import { advanced, lastOf, panned, placeOf, ticks, zoomed } from "../../src/dashboard/model/window.js";

const now = Date.parse("2026-12-01T12:00:00.000Z");
const hour = 3_600_000;

test("a window that follows goes on ending now, also when one looks closer", () => {
  const window = lastOf(hour, now);
  expect(advanced(window, now + 5_000)).toEqual(lastOf(hour, now + 5_000));
  expect(zoomed(window, 0.5, 0.2, now)).toEqual(lastOf(hour / 2, now));
});

test("who goes back stays there, and who comes back to now follows again", () => {
  const earlier = panned(lastOf(hour, now), -0.5, now);
  expect(earlier).toEqual({ from: now - 1.5 * hour, until: now - 0.5 * hour, follows: false });
  expect(advanced(earlier, now + 5_000)).toBe(earlier);
  expect(panned(earlier, 3, now)).toEqual(lastOf(hour, now));
});

test("what one points at stays where it is", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (factor, place) => {
        const window = { from: now - 10 * hour, until: now - 5 * hour, follows: false };
        const at = window.from + place * 5 * hour;
        expect(placeOf(zoomed(window, factor, place, now), at)).toBeCloseTo(place, 6);
      },
    ),
  );
});

test("nobody looks closer than ten seconds or farther than ninety days", () => {
  let window = lastOf(hour, now);
  for (let each = 0; each < 50; each += 1) window = zoomed(window, 0.5, 0.5, now);
  expect(window.until - window.from).toBe(10_000);
  for (let each = 0; each < 50; each += 1) window = zoomed(window, 2, 0.5, now);
  expect(window.until - window.from).toBe(90 * 24 * hour);
});

test("the axis has a few round moments", () => {
  fc.assert(
    fc.property(fc.integer({ min: 10_000, max: 90 * 24 * hour }), (length) => {
      const window = lastOf(length, now);
      const marks = ticks(window, 5);
      expect(marks.length).toBeLessThanOrEqual(6);
      expect(marks.length).toBeGreaterThan(0);
      for (const at of marks) {
        expect(placeOf(window, at)).toBeGreaterThanOrEqual(0);
        expect(placeOf(window, at)).toBeLessThanOrEqual(1);
      }
    }),
  );
});
