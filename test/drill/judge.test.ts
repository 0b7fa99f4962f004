import { describe, expect, test } from "vitest";
import type { Promised } from "../../src/drill/drill.js";
import { downAlarm } from "../../src/drill/expectation.js";
import { judge, missing } from "../../src/drill/judge.js";
import type { Measurement } from "../../src/drill/measurement.js";
import { campus } from "./campus.js";

const expected: Promised = {
  addressOutageAtMost: 85,
  serviceOutageAtMost: 135,
  ownerChanges: 1,
  twoOwnersAtMost: 0,
  sessionsLostAtMost: null,
  sessionsBackWithin: 485,
  told: [],
  recovery: { addressOutageAtMost: 25, serviceOutageAtMost: 75, twoOwnersAtMost: 0, movesAtMost: 0 },
};

const moved = (switches: number, controllers: number) => [
  { network: "switches", changes: switches },
  { network: "controllers", changes: controllers },
];

const seen: Measurement = {
  addresses: [{ address: "10.0.1.100", outage: 57 }],
  serviceOutage: 70,
  owners: { changes: 1, byNetwork: moved(1, 1), twoOwners: 0, timeline: [] },
  strangers: 0,
  sessions: { held: 8, lost: 8, backAfter: 90, messagesLost: 40, messagesDuplicated: 0, longestSilence: 100 },
  neighbours: { entries: 4, misled: [], after: 1_400 },
  recovery: { addressOutage: 0, serviceOutage: 31.4, twoOwners: 0, moves: 0, noise: 0 },
  noise: 0,
  meanwhile: [],
  left: [],
  settled: true,
};

describe("the judge", () => {
  test("passes what stayed within every promise", () => {
    expect(judge(seen, expected, [])).toEqual({ pass: true, reasons: [] });
  });

  test("names the worst virtual IP's silence and its limit", () => {
    const worse = { ...seen, addresses: [...seen.addresses, { address: "10.0.2.1", outage: 90.4 }] };
    expect(judge(worse, expected, []).reasons).toEqual([
      "virtual IP silent for 90 ms, expected at most 85 ms",
    ]);
  });

  test("leaves to the machine what the machine itself missed, and not a millisecond more", () => {
    const slow = { ...seen, addresses: [{ address: "10.0.1.100", outage: 95 }], noise: 12 };
    expect(judge(slow, expected, []).pass).toBe(true);
    expect(judge({ ...slow, noise: 9 }, expected, []).pass).toBe(false);
  });

  test("fails when the address did not move, however short the outage", () => {
    const { reasons } = judge({ ...seen, owners: { ...seen.owners, changes: 0 } }, expected, []);
    expect(reasons).toEqual(["the virtual IPs moved 0 times, expected 1"]);
  });

  test("fails when a network stayed behind, although the others moved as often as expected", () => {
    const split = { ...seen, owners: { ...seen.owners, byNetwork: moved(1, 0) } };
    const reasons = ["the networks did not move alike: switches 1, controllers 0"];
    expect(judge(split, expected, [])).toEqual({ pass: false, reasons });
    expect(judge(split, { ...expected, ownerChanges: { least: 1, most: 2 } }, []).reasons).toEqual(reasons);
  });

  test("leaves it to each network whether it moves back where that was left open", () => {
    const apart = { ...seen, owners: { ...seen.owners, changes: 2, byNetwork: moved(2, 1) } };
    expect(judge(apart, { ...expected, ownerChanges: { least: 1, most: 2 } }, []).pass).toBe(true);
  });

  test("fails when a client got a packet from an address that it does not know", () => {
    expect(judge({ ...seen, strangers: 2 }, expected, []).reasons).toEqual([
      "2 packets of the service came from an address that the switches do not know",
    ]);
  });

  test("fails when two nodes acted as owner", () => {
    const { reasons } = judge({ ...seen, owners: { ...seen.owners, twoOwners: 12 } }, expected, []);
    expect(reasons).toEqual(["two owners for 12 ms, expected at most 0 ms"]);
  });

  test("fails when sessions ended that had nothing to do with the fault", () => {
    const { reasons } = judge(seen, { ...expected, sessionsLostAtMost: 3 }, []);
    expect(reasons).toEqual(["8 sessions ended, expected at most 3"]);
  });

  test("fails when a session never came back, even if the rest is well", () => {
    const { reasons } = judge({ ...seen, sessions: { ...seen.sessions, backAfter: null } }, expected, []);
    expect(reasons).toEqual(["a session never came back"]);
  });

  test("fails when a host kept an old owner's MAC, and names it", () => {
    const misled = [
      { machine: "router", address: "10.0.1.100", mac: "02:68:66:00:00:01", leadsTo: "lb-a" },
      { machine: "c1", address: "2001:db8::1", mac: "02:68:66:00:00:99", leadsTo: null },
    ];
    const { reasons } = judge({ ...seen, neighbours: { entries: 4, misled, after: 3_140 } }, expected, []);
    expect(reasons).toEqual([
      "router still has 02:68:66:00:00:01 (lb-a) for 10.0.1.100, 3.1 s after",
      "c1 still has 02:68:66:00:00:99 (nobody) for 2001:db8::1, 3.1 s after",
    ]);
  });

  test("fails when sessions that did not end stood still for longer than TCP needs", () => {
    const kept = { ...seen.sessions, lost: 0, backAfter: 0 };
    expect(judge({ ...seen, sessions: kept }, expected, []).pass).toBe(true);
    const { reasons } = judge({ ...seen, sessions: { ...kept, longestSilence: 686 } }, expected, []);
    expect(reasons).toEqual(["sessions that went on stood still for 686 ms, expected at most 685 ms"]);
  });

  test("fails when a message was answered twice", () => {
    const { reasons } = judge(
      { ...seen, sessions: { ...seen.sessions, messagesDuplicated: 3 } },
      expected,
      [],
    );
    expect(reasons).toEqual(["3 messages of sessions were answered twice"]);
  });

  test("holds the way back to its own limits, with what the machine missed then", () => {
    const back = { addressOutage: 41, serviceOutage: 90, twoOwners: 12, moves: 0, noise: 20 };
    expect(judge({ ...seen, recovery: back }, expected, []).pass).toBe(true);
    expect(
      judge({ ...seen, noise: 20, recovery: { ...back, moves: 1, noise: 0 } }, expected, []).reasons,
    ).toEqual([
      "once it was mended, a virtual IP was silent for 41 ms (at most 25 ms) and the service was silent for 90 ms (at most 75 ms) " +
        "and the virtual IPs moved 1 times (at most 0) and there were two owners for 12 ms (at most 0 ms)",
    ]);
  });

  test("tells every broken promise at once", () => {
    const worse = {
      ...seen,
      settled: false,
      serviceOutage: 4_000,
      addresses: [{ address: "10.0.1.100", outage: 3_000 }],
    };
    expect(judge(worse, expected, []).reasons).toHaveLength(3);
  });
});

test("what may not be while it is broken is a reason", () => {
  const reason = "lb-a says that it has 10.0.1.100, which lb-b owns";
  expect(judge({ ...seen, meanwhile: [reason] }, expected, []).reasons).toEqual([reason]);
});

test("an alarm that nobody raised since the fault is missing", () => {
  const alarm = { kind: "fault", says: "haproxy-gone raised" } as const;
  const event = { node: "lb-a", kind: "fault", text: "haproxy-gone raised; this node yields" } as const;
  const asked = { ...expected, told: [alarm] };
  expect(judge(seen, asked, [{ ...event, at: 54 }]).pass).toBe(true);
  const reason = "no agent told of it: no event fault says 'haproxy-gone raised'";
  expect(judge(seen, asked, [{ ...event, at: -300 }]).reasons).toEqual([reason]);
  expect(judge(seen, asked, [{ ...event, at: 54, kind: "role" }]).reasons).toEqual([reason]);
  expect(judge(seen, asked, [{ ...event, at: 54, text: "haproxy-gone cleared" }]).reasons).toEqual([reason]);
});

test("that a server is back does not tell that it was down, nor does a server whose name ends like its", () => {
  const alarm = downAlarm(campus, "c2");
  const told = (text: string) => missing([{ at: 54, node: "lb-a", kind: "server", text }], [alarm]);
  expect(told("c2 of openflow is down (L4CON)")).toEqual([]);
  expect(told("c2 of openflow is up (L7OK)")).toEqual([alarm]);
  expect(told("rc2 of openflow is down (L4CON)")).toEqual([alarm]);
});
