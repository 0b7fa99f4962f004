import { describe, expect, test } from "vitest";
import type { SessionLine } from "../../src/drill/probe/session-line.js";
import { addSessions, measureSessions } from "../../src/drill/sessions.js";

const up = (session: number, at: number): SessionLine => ({ event: "up", session, at, from: "10.0.1.9" });
const down = (session: number, at: number): SessionLine => ({
  event: "down",
  session,
  at,
  reason: "reset",
  unanswered: 3,
});
const sums = (session: number): SessionLine => ({
  event: "sums",
  session,
  at: 2_000,
  sent: 100,
  answered: 97,
  lost: 3,
  duplicated: 0,
  longestSilence: 70 + session,
});

describe("sessions held through a fault", () => {
  test("are lost when they ended, and back when they were of use again", () => {
    const lines = [up(0, 10), up(1, 11), down(0, 1_060), up(0, 1_075), sums(0), sums(1)];
    expect(measureSessions(lines, 1_000)).toEqual({
      held: 2,
      lost: 1,
      backAfter: 75,
      messagesLost: 6,
      messagesDuplicated: 0,
      longestSilence: 71,
    });
  });

  test("count the last return, not the first", () => {
    const lines = [up(0, 10), down(0, 1_060), up(0, 1_075), down(0, 1_080), up(0, 1_200)];
    expect(measureSessions(lines, 1_000).backAfter).toBe(200);
  });

  test("that ended before the fault are none of its victims", () => {
    expect(measureSessions([up(0, 10), down(0, 500), up(0, 510)], 1_000)).toMatchObject({
      lost: 0,
      backAfter: 0,
    });
  });

  test("that stay away make the sum of all probes say so", () => {
    const away = measureSessions([up(0, 10), down(0, 1_060)], 1_000);
    const well = measureSessions([up(0, 10), down(0, 1_060), up(0, 1_070)], 1_000);
    expect(away.backAfter).toBeNull();
    expect(addSessions([well, away])).toMatchObject({ held: 2, lost: 2, backAfter: null });
    expect(addSessions([well, well])).toMatchObject({ held: 2, lost: 2, backAfter: 70 });
  });
});
