import { describe, expect, test } from "vitest";
import type { Event } from "../../src/api/event.js";
import { maintenance } from "../../src/drill/catalogue/maintenance.js";
import { switchover } from "../../src/drill/catalogue/switchover.js";
import {
  explainedTakeover,
  marksOf,
  newSince,
  takeoversIn,
  twoOwnersIn,
} from "../../src/drill/live/agents-words.js";
import { judgeLive, liveExpectation } from "../../src/drill/live/live-measurement.js";
import { type DrillReport, isMet, table } from "../../src/drill/report.js";
import { reportFiles } from "../../src/drill/report-files.js";
import { campus } from "./campus.js";
import { about, livePassed, reportOf } from "./specimen.js";

const situation = {
  ...{ active: "lb-a", standby: "lb-b", network: "switches" },
  busiestServer: { machine: "", sessions: 0 },
};
const event = (node: string, sequence: number, more: Partial<Event> = {}): Event => ({
  ...{ node, sequence, at: "2026-12-06T03:00:00.000Z", kind: "agent", text: "it runs", details: {} },
  ...more,
});
const took = (to: string, move: string | null, spans: readonly number[] = []) =>
  event("lb-b", 9, {
    kind: "role",
    details: {
      ...{ to, move },
      networks: [
        {
          network: "switches",
          evidence: [],
          spans: spans.map((milliseconds) => ({ what: "detect", milliseconds })),
        },
        { network: "controllers", evidence: [], spans: [{ what: "first answer", milliseconds: 240 }] },
      ],
    },
  });

describe("what agents told since", () => {
  test("is known by their own numbers, whatever their clocks say", () => {
    const marks = marksOf([[event("lb-a", 7)], [event("lb-b", 3)], []]);
    const late = event("lb-a", 8, { at: "2026-12-06T01:00:00.000Z" });
    expect(newSince(marks, [[event("lb-a", 7), late], [event("lb-b", 3)], [event("lb-c", 1)]])).toEqual([
      late,
    ]);
  });

  test("counts who became the owner from another, and not who was found to be", () => {
    expect(
      takeoversIn([took("master", "switchover"), took("backup", "switchover"), took("master", null)]),
    ).toHaveLength(1);
  });

  test("explains a takeover up to the announcement: the first answer comes when somebody asks", () => {
    const [first, unseen] = takeoversIn([
      took("master", "switchover", [3, 1.5]),
      took("master", "switchover"),
    ]);
    expect(first && explainedTakeover(first)).toBe(4.5);
    expect(unseen && explainedTakeover(unseen)).toBeNull();
  });

  test("names two owners with the node that noticed", () => {
    const both = event("lb-b", 4, { kind: "two-owners", text: "both act as owner" });
    expect(twoOwnersIn([both])).toEqual(["lb-b: both act as owner"]);
  });
});

describe("what real nodes are held to", () => {
  const expected = liveExpectation(switchover.expect(campus, situation));

  test("is the drill's own expectation, and what probes lose to a busy processor", () => {
    const { addressOutageAtMost } = switchover.expect(campus, situation);
    expect(expected).toMatchObject({ addressOutageAtMost: addressOutageAtMost + 25, moves: 2 });
    expect(liveExpectation(maintenance.expect(campus, situation)).told).toEqual([
      { kind: "maintenance", says: "out of service" },
    ]);
  });

  test("fails on a figure, a move too many, another active node, two owners and an untold cause", () => {
    const { seen, events } = livePassed;
    const [reading] = seen.readings;
    if (reading === undefined) throw new Error("the specimen has no reading");
    expect(judgeLive(seen, expected, events)).toEqual({ pass: true, reasons: [] });
    const worse = {
      ...seen,
      readings: [{ ...reading, value: 90 }],
      moves: 3,
      active: { ...seen.active, after: "lb-b" },
      twoOwners: ["lb-b: both act as owner"],
    };
    expect(judgeLive(worse, expected, []).reasons).toEqual([
      "virtual IP silent for the new active node 90 ms, expected at most 50 ms",
      "the virtual IPs moved 3 times, expected 2: there and back",
      "lb-b is active, which was lb-a before",
      "lb-b: both act as owner",
      "no agent told of it: no event role says 'switchover'",
    ]);
  });
});

describe("a report on real nodes", () => {
  const report: DrillReport = { ...reportOf(livePassed), about: { ...about, where: "nodes" } };

  test("says beside each figure who measured it, and below what nobody did", () => {
    expect(table(report.results)).toBe(
      [
        "drill       injected                virtual IP silent for the new active node  takeover, as its agent explains it  virtual IP silent from here  no new session from here  verdict",
        "switchover  lb-a -> lb-b, and back  6 ms <= 50 ms                              -                                   12 ms <= 50 ms               -                         pass",
        "not measured: no new session from here (10.0.1.100 port 6653 does not answer this machine)",
        "1 of 1 drills met their expectations.",
      ].join("\n"),
    );
  });

  test("is written in every form, and claims no lab", () => {
    const files = reportFiles(report, campus);
    expect(isMet(report)).toBe(true);
    for (const name of ["report.txt", "report.md", "report.html"])
      expect(files[name]).toContain("10.0.1.100 port 6653 does not answer this machine");
    expect(files["report.html"]).toContain("No probe stood where a switch stands");
    expect(files["report.html"]).not.toContain("This was measured in a lab");
    expect(files["report.html"]).not.toContain("Everything was measured from outside the nodes");
    expect(files["report.xml"]).toContain("switchover (lb-a -&gt; lb-b, and back)");
    expect(JSON.parse(files["report.json"] ?? "").summary[0].figures).toHaveLength(2);
  });
});
