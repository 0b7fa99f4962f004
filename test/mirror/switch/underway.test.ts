import fc from "fast-check";
import { expect, test } from "vitest";
import { Underway } from "../../../src/mirror/switch/underway.js";

test("what is acknowledged by the next look is delivered, and what was written just now is presumed to arrive", () => {
  const underway = new Underway();
  underway.wrote(100, 4, 0, 10);
  expect(underway.look(0, 0, 1_000)).toBe(4);
  underway.wrote(100, 4, 0, 1_900);
  expect(underway.look(100, 0, 2_000)).toBe(0);
  expect(underway.kept(0)).toEqual({ bytes: 0, messages: 0, since: null });
  expect(underway.end(0)).toEqual({ delivered: 4, dropped: 0 });
});

test("of a connection that the other end broke off nothing is presumed to have arrived", () => {
  const underway = new Underway();
  underway.wrote(100, 4, 0, 10);
  underway.look(0, 0, 1_000);
  underway.wrote(100, 3, 0, 1_900);
  expect(underway.brokenOff()).toEqual({ delivered: 0, dropped: 3 });
  expect(underway.kept(0).messages).toBe(0);
});

test("where nothing is acknowledged all that was written waits, also what is written from then on", () => {
  const underway = new Underway();
  underway.wrote(16, 0, 0, 0);
  underway.wrote(100, 4, 0, 10);
  underway.wrote(60, 3, 0, 400);
  expect(underway.look(60, 0, 1_000)).toBe(4);
  underway.wrote(40, 2, 0, 1_100);
  expect(underway.kept(0)).toEqual({ bytes: 100, messages: 5, since: 400 });
  expect(underway.end(0)).toEqual({ delivered: 0, dropped: 5 });
  expect(underway.kept(0).messages).toBe(0);
});

test("what the system has not taken waits, and is not acknowledged because it holds nothing", () => {
  const underway = new Underway();
  underway.wrote(100, 4, 0, 0);
  underway.wrote(100, 3, 100, 0);
  expect(underway.kept(100)).toEqual({ bytes: 100, messages: 3, since: 0 });
  expect(underway.look(0, 100, 100)).toBe(4);
  expect(underway.end(100)).toEqual({ delivered: 0, dropped: 3 });
});

test("an end is silent while it acknowledges nothing of what there is", () => {
  const underway = new Underway();
  expect(underway.silentFor(90_000)).toBe(0);
  underway.look(0, 0, 90_000);
  underway.wrote(100, 1, 0, 90_500);
  underway.look(100, 0, 91_000);
  underway.wrote(100, 1, 0, 119_000);
  underway.look(200, 0, 120_000);
  expect(underway.silentFor(120_000)).toBe(29_500);
  underway.look(150, 0, 121_000);
  expect(underway.silentFor(121_000)).toBe(0);
  underway.look(0, 0, 122_000);
  expect(underway.silentFor(190_000)).toBe(0);
});

test("one that reads a large write bit by bit is not silent", () => {
  const underway = new Underway();
  underway.wrote(1_000_000, 9, 1_000_000, 0);
  for (const [held, now] of [
    [200_000, 20_000],
    [190_000, 40_000],
    [199_000, 60_000],
    [198_000, 80_000],
  ] as const)
    underway.look(held, 1_000_000, now);
  expect(underway.silentFor(80_000)).toBe(0);
});

test("every message is delivered, dropped or kept, once, whatever is acknowledged when", () => {
  const step = fc.record({
    bytes: fc.integer({ min: 8, max: 20_000 }),
    messages: fc.integer({ min: 0, max: 9 }),
    passes: fc.integer({ min: 0, max: 300 }),
    taken: fc.double({ min: 0, max: 1, noNaN: true }),
    acknowledged: fc.double({ min: 0, max: 1, noNaN: true }),
    looks: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const underway = new Underway();
      let [now, sent, left, held, written, delivered] = [0, 0, 0, 0, 0, 0];
      /** Where each message ends. */
      const ends: number[] = [];
      for (const { bytes, messages, passes, taken, acknowledged, looks } of steps) {
        now += passes;
        left += bytes;
        written += bytes;
        sent += messages;
        for (let each = 0; each < messages; each += 1) ends.push(written);
        underway.wrote(bytes, messages, left, now);
        const takes = Math.round(left * taken);
        left -= takes;
        held = Math.round((held + takes) * (1 - acknowledged));
        if (looks) delivered += underway.look(held, left, now);
        expect(delivered).toBeLessThanOrEqual(ends.filter((end) => end <= written - left - held).length);
        expect(underway.kept(left).messages).toBeGreaterThanOrEqual(
          ends.filter((end) => end > written - left).length,
        );
      }
      const rest = underway.end(left);
      expect(delivered + rest.delivered + rest.dropped).toBe(sent);
    }),
  );
});
