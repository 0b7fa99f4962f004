import type { DrillResult } from "../../src/drill/report.js";

/** A run that met every expectation. */
export const passed: DrillResult = {
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

export const failedFor = (...reasons: readonly string[]): DrillResult => ({
  ...passed,
  verdict: { pass: false, reasons },
});
