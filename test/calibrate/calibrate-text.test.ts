import { expect, test } from "vitest";
import type { Calibration } from "../../src/api/calibration.js";
import { calibrateText, presentHolds } from "../../src/calibrate/calibrate-text.js";
import { recommend } from "../../src/calibrate/recommendation.js";

const calibration = (own: Partial<Calibration>): Calibration => ({
  ...{ node: "lb-a", active: false, load: false, priority: 40, processors: 2, seconds: 30, worst: 0 },
  ...{ histogram: [], role_changes: 0, ended: "in-full", ...own },
});
const present = { advertInterval: 20, downAdverts: 3 };

test("a node that stalls too long for the topology's interval is named, with the interval that holds and why", () => {
  const nodes = [
    { name: "lb-a", idle: calibration({ active: true }), loaded: null },
    {
      name: "lb-b",
      idle: calibration({ worst: 3.2 }),
      loaded: calibration({ load: true, worst: 55, role_changes: 2 }),
    },
  ];
  const verdict = recommend(
    [
      { node: "lb-a", worst: 0 },
      { node: "lb-b", worst: 55 },
    ],
    3,
  );
  expect(
    calibrateText(nodes, verdict, present),
  ).toBe(`  lb-a   idle below 1 ms in 30 s   not under load   so far holds from 20 ms (fast)
         ! it is active: move the virtual IPs and run this again, or load it all the same with --active-too
  lb-b   idle 3.2 ms in 30 s   under load 55.0 ms in 30 s   holds from 100 ms (balanced)
         ! 2 changes of role while it was measured

Recommended, as far as is known: failover: { profile: balanced }
  Why: the worst stall was 55.0 ms; adverts every I ms, 3 of them missed, tolerate (3 - 1) x I, and 2 times the worst stall is asked for.
  The topology's 20 ms x 3 tolerates 40 ms: false failovers are to be expected.
`);
  expect(presentHolds(nodes, present)).toBe(false);
});

test("nothing is said to hold that was not measured under load", () => {
  const standby = { name: "lb-b", idle: calibration({}), loaded: calibration({ load: true }) };
  const owner = { name: "lb-a", idle: calibration({ active: true }), loaded: null };
  const left = { ...standby, name: "lb-a", loaded: calibration({ load: true, ended: "became-active" }) };
  for (const other of [owner, left]) {
    const nodes = [other, standby];
    expect(presentHolds(nodes, present)).toBeNull();
    expect(calibrateText(nodes, recommend([], 3), present)).toContain(
      "tolerates 40 ms: nothing speaks against it, but what lb-a does under load is not known.",
    );
  }
  expect(presentHolds([standby], present)).toBe(true);
});

test("a machine without real-time priority and one that no interval suits are told so", () => {
  const nodes = [{ name: "lb-a", idle: calibration({ priority: null, worst: 4_000 }), loaded: null }];
  const text = calibrateText(nodes, recommend([{ node: "lb-a", worst: 4_000 }], 3), present);
  expect(text).toContain("permits no real-time priority");
  expect(text).toContain("No interval up to 1 s holds");
});
