import type { About } from "../../src/drill/about.js";
import type { LiveDrillResult } from "../../src/drill/live/live-measurement.js";
import type { RandomReport, RandomResult } from "../../src/drill/random/random-result.js";
import type { AnyResult, DrillReport, DrillResult } from "../../src/drill/report.js";
import type { VpnDrillResult } from "../../src/drill/vpn/vpn-measurement.js";

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
    recovery: { addressOutageAtMost: 25, serviceOutageAtMost: 75, twoOwnersAtMost: 0, movesAtMost: 0 },
  },
  seen: {
    addresses: [{ address: "10.0.1.100", outage: 57.3 }],
    serviceOutage: 70,
    owners: {
      changes: 1,
      byNetwork: [
        { network: "switches", changes: 1 },
        { network: "controllers", changes: 1 },
      ],
      twoOwners: 0,
      timeline: [],
    },
    strangers: 0,
    sessions: {
      held: 8,
      lost: 8,
      backAfter: 90,
      messagesLost: 40,
      messagesDuplicated: 0,
      longestSilence: 100,
    },
    recovery: { addressOutage: 0, serviceOutage: 31.4, twoOwners: 0, moves: 0, noise: 0 },
    neighbours: { entries: 4, misled: [], after: 1_400 },
    noise: 0,
    meanwhile: [],
    left: [],
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

/** A round of two faults, of which one came later than the other, and something else that was wrong. */
export const violated: RandomResult = {
  ...{ drill: "random, seed 7, round 2", injected: "2 faults", at: passed.at, faults: 2 },
  ...{ judged: 9_000, unjudged: 11_500 },
  verdict: { pass: false, reasons: ["40 ms after the first fault: switches had two owners for 9000 ms"] },
  timeline: {
    ...passed.timeline,
    until: 20_000,
    faults: [
      {
        text: "link lb-a - controllers down",
        machine: "lb-a",
        network: "controllers",
        from: 0,
        until: 6_000,
      },
      { text: "SIGSTOP of controller on c1", machine: "c1", network: null, from: 700, until: 9_000 },
    ],
  },
};

export const randomReport: RandomReport = {
  ...{ seed: 7, faults: 3 },
  rounds: [
    {
      ...{ ...violated, drill: "random, seed 7, round 1", injected: "1 faults", faults: 1 },
      verdict: { pass: true, reasons: [] },
      timeline: passed.timeline,
    },
    violated,
  ],
};

export const vpnPassed: VpnDrillResult = {
  drill: "ghost-client",
  injected: "one -> vpn-b",
  at: "2026-11-25T00:01:00.000Z",
  expected: { struckSilentAtMost: 5_000, othersSilentAtMost: 300, rightWithin: 8_000, told: true },
  seen: {
    struckSilent: 2_150,
    othersSilent: 51,
    right: 2_300,
    wrong: [],
    late: ["vpn-a has no route to 10.100.200.1"],
    told: "vpn-a: one is on vpn-b too",
    noise: 3,
  },
  verdict: { pass: true, reasons: [] },
};

export const about: About = {
  where: "lab",
  begun: "2026-11-24T23:59:50.000Z",
  ended: "2026-11-25T00:02:00.000Z",
  topologyDigest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  versions: { holdfast: "0.1.0", keepalived: "2.2.7", haproxy: "2.6.12", kernel: "6.1.0", node: "20.19.5" },
  seed: null,
};

export const reportOf = (...results: readonly AnyResult[]): DrillReport => ({
  cluster: "campus",
  about,
  results,
  random: null,
  unready: null,
});

export const livePassed: LiveDrillResult = {
  drill: "switchover",
  injected: "lb-a -> lb-b, and back",
  at: "2026-11-25T00:00:30.000Z",
  expected: {
    addressOutageAtMost: 50.2,
    serviceOutageAtMost: 100.2,
    moves: 2,
    told: [{ kind: "role", says: "switchover" }],
  },
  seen: {
    readings: [
      { what: "virtual IP silent for the new active node", value: 6, atMost: 50.2, noise: 0 },
      { what: "virtual IP silent from here", value: 12, atMost: 50.2, noise: 1 },
    ],
    unmeasured: [
      { what: "no new session from here", why: "10.0.1.100 port 6653 does not answer this machine" },
    ],
    moves: 2,
    active: { before: "lb-a", meanwhile: "lb-b", after: "lb-a" },
    twoOwners: [],
  },
  verdict: { pass: true, reasons: [] },
  events: [{ at: 40, node: "lb-b", kind: "role", text: "switchover lb-a -> lb-b: asked for by anna" }],
};
