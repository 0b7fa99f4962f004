import { describe, expect, test } from "vitest";
import { type DrillResult, table } from "../../src/drill/report.js";

const result: DrillResult = {
  drill: "power-loss",
  injected: "lb-a off",
  at: "2026-11-25T00:00:00.000Z",
  expected: {
    addressOutageAtMost: 85.2,
    serviceOutageAtMost: 135.2,
    ownerChanges: 1,
    twoOwnersAtMost: 0,
    sessionsLostAtMost: null,
    sessionsBackWithin: 485,
  },
  seen: {
    addresses: [{ address: "10.0.1.100", outage: 57.3 }],
    serviceOutage: 70,
    owners: { changes: 1, twoOwners: 0, timeline: [] },
    sessions: {
      held: 8,
      lost: 8,
      backAfter: 90,
      messagesLost: 40,
      messagesDuplicated: 0,
      longestSilence: 100,
    },
    neighbours: { entries: 4, misled: [], after: 1_400 },
    noise: 0,
    settled: true,
  },
  verdict: { pass: true, reasons: [] },
};

describe("the table of drills", () => {
  test("puts what was seen beside what was promised", () => {
    expect(table([result])).toBe(
      [
        "drill       injected  virtual IP silent  service silent   sessions     back after  verdict",
        "power-loss  lb-a off  57 ms <= 85 ms     70 ms <= 135 ms  8 of 8 lost  90 ms       pass",
        "1 of 1 drills met their expectations.",
      ].join("\n"),
    );
  });

  test("says below it why a drill failed", () => {
    const failed = { ...result, verdict: { pass: false, reasons: ["a session never came back"] } };
    const lines = table([result, failed]).split("\n");
    expect(lines.at(-2)).toBe("power-loss: a session never came back");
    expect(lines.at(-1)).toBe("1 of 2 drills met their expectations.");
  });
});
