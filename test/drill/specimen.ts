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
    told: [],
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
  timeline: {
    from: -500,
    until: 9_400,
    faults: [{ text: "lb-a off", machine: "lb-a", network: null, from: 0, until: 1_900 }],
    owners: [
      { network: "switches", node: "lb-a", from: -4_000, until: -12 },
      { network: "switches", node: "lb-b", from: 55, until: 9_400 },
    ],
    contests: [],
    lanes: [
      { kind: "address", name: "10.0.1.100", silent: [{ from: -1, until: 57 }] },
      { kind: "service", name: "10.0.1.100 port 6653", silent: [{ from: -4, until: 70 }] },
      { kind: "session", name: "client-switches 1", silent: [{ from: 60, until: 90 }] },
      { kind: "pause", name: "the machine of the lab", silent: [] },
    ],
    events: [{ at: 58, node: "lb-b", kind: "role", text: "lb-b is active: lb-a fell silent" }],
  },
};

export const failedFor = (...reasons: readonly string[]): DrillResult => ({
  ...passed,
  verdict: { pass: false, reasons },
});
