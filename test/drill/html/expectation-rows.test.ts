import fc from "fast-check";
import { expect, test } from "vitest";
import { expectationRows } from "../../../src/drill/html/expectation-rows.js";
import { judge } from "../../../src/drill/judge.js";
import { judgeVpn } from "../../../src/drill/vpn/vpn-measurement.js";
import { passed, vpnPassed } from "../specimen.js";

const some = fc.integer({ min: 0, max: 40 });
const perhaps = fc.option(some);

test("an expectation is marked as not met exactly where the verdict says that one was not", () => {
  fc.assert(
    fc.property(
      fc.tuple(some, perhaps, some, some, some, some, perhaps, some),
      fc.tuple(some, some, some, some, perhaps, some),
      fc.boolean(),
      fc.subarray(["lb-a fell silent", "lb-b is active", "of which nobody spoke"]),
      fc.subarray(["lb-a has 10.0.1.100, too", "the nodes run different generations"]),
      fc.tuple(fc.nat(2), fc.nat(1), fc.nat(1), fc.integer({ min: 0, max: 400 })),
      fc.record({ addressOutage: some, serviceOutage: some, twoOwners: some, moves: fc.nat(2), noise: some }),
      (
        [outage, serviceOutage, changes, twoOwners, noise, lost, backAfter, misled],
        limits,
        settled,
        told,
        found,
        [elsewhere, strangers, messagesDuplicated, longestSilence],
        recovery,
      ) => {
        const [addressOutageAtMost, serviceOutageAtMost, ownerChanges, twoOwnersAtMost, most, back] = limits;
        const wrong = { machine: "router", address: "10.0.1.100", mac: "02:00:00:00:00:01", leadsTo: null };
        const seen = {
          ...passed.seen,
          ...{ serviceOutage, noise, settled, addresses: [{ address: "10.0.1.100", outage }] },
          owners: {
            changes,
            byNetwork: [
              { network: "switches", changes },
              { network: "controllers", changes: elsewhere },
            ],
            twoOwners,
            timeline: [],
          },
          ...{ strangers, recovery },
          sessions: {
            ...{ ...passed.seen.sessions, lost, messagesDuplicated, longestSilence },
            backAfter: lost === 0 ? 0 : backAfter,
          },
          ...{ meanwhile: found, left: found.slice(1) },
          neighbours: { entries: 40, misled: Array.from({ length: misled % 2 }, () => wrong), after: 9 },
        };
        const expected = {
          ...passed.expected,
          ...{ addressOutageAtMost, serviceOutageAtMost, ownerChanges, twoOwnersAtMost },
          ...{ sessionsLostAtMost: most, sessionsBackWithin: back },
          told: told.map((says) => ({ kind: "role" as const, says })),
        };
        const rows = expectationRows({ ...passed, seen, expected });
        expect(rows.filter(({ missed }) => missed)).toHaveLength(
          judge(seen, expected, passed.timeline.events).reasons.length,
        );
      },
    ),
  );
});

test("so it is of VPN servers", () => {
  fc.assert(
    fc.property(
      fc.tuple(some, some, perhaps, some),
      fc.tuple(some, some, some),
      fc.boolean(),
      (found, limits, told) => {
        const [struckSilent, othersSilent, right, noise] = found;
        const [struckSilentAtMost, othersSilentAtMost, rightWithin] = limits;
        const seen = {
          ...vpnPassed.seen,
          struckSilent,
          othersSilent,
          right,
          noise,
          told: told ? "vpn-a" : null,
        };
        const expected = { struckSilentAtMost, othersSilentAtMost, rightWithin, told: true };
        const rows = expectationRows({ ...vpnPassed, seen, expected });
        expect(rows.filter(({ missed }) => missed)).toHaveLength(judgeVpn(seen, expected).reasons.length);
      },
    ),
  );
});

test("what was met only because the machine itself stood still says so", () => {
  const seen = { ...passed.seen, addresses: [{ address: "10.0.1.100", outage: 100 }], noise: 30 };
  const [first] = expectationRows({ ...passed, seen });
  expect(first).toMatchObject({ met: true, seen: "100\u00a0ms" });
  expect(first?.expected).toContain("+ 30\u00a0ms of the machine\u2019s own");
});
