import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Event, type EventKind, eventKinds } from "../../src/api/event.js";
import { barsOf, laneWords, width } from "../../src/dashboard/model/lane-view.js";
import { lanesOf } from "../../src/dashboard/model/lanes.js";
import { lastOf } from "../../src/dashboard/model/window.js";

const start = Date.parse("2026-12-01T00:00:00.000Z");
let sequence = 0;
const next = () => {
  sequence += 1;
  return sequence;
};

const event = (
  after: number,
  node: string,
  kind: EventKind,
  details: Event["details"],
  text: string = kind,
): Event => ({
  ...{ node, kind, details, text, sequence: next() },
  at: new Date(start + after).toISOString(),
});
const took = (after: number, node: string) => event(after, node, "role", { from: "backup", to: "master" });
const gave = (after: number, node: string, to = "fault") =>
  event(after, node, "role", { from: "master", to });

const nodes = ["lb-a", "lb-b"];
const lane = (events: readonly Event[], name: string) =>
  lanesOf(events, nodes).find((each) => each.name === name);
/** Begin and end of each, in milliseconds after the beginning. */
const times = (events: readonly Event[], name: string) =>
  (lane(events, name)?.spans ?? []).map(({ from, until }) => [
    from - start,
    until === null ? null : until - start,
  ]);

describe("lanes", () => {
  test("whose the virtual IPs were, also before the log begins, and who has them now", () => {
    const events = [gave(1_000, "lb-a"), took(1_200, "lb-b"), gave(9_000, "lb-b"), took(9_100, "lb-a")];
    expect(times(events, "lb-a: owner")).toEqual([
      [Number.NEGATIVE_INFINITY, 1_000],
      [9_100, null],
    ]);
    expect(times(events, "lb-b: owner")).toEqual([[1_200, 9_000]]);
  });

  test("a node's troubles: its faults in its own words, its silence in those of others", () => {
    const events = [
      event(0, "lb-a", "fault", { raised: ["haproxy-gone"], cleared: [] }),
      event(500, "lb-a", "fault", { raised: ["rules-missing"], cleared: ["haproxy-gone"] }),
      event(900, "lb-a", "fault", { raised: [], cleared: ["rules-missing"] }),
      event(2_000, "lb-b", "peer", { peer: "lb-a", heard: false }),
      event(5_000, "lb-b", "peer", { peer: "lb-a", heard: true }),
    ];
    expect(times(events, "lb-a: trouble")).toEqual([
      [0, 900],
      [2_000, 5_000],
    ]);
    expect(lane(events, "lb-b: trouble")).toBeUndefined();
  });

  test("a server that both nodes call down is down once, until the last one is up", () => {
    const server = (after: number, node: string, name: string, up: boolean) =>
      event(after, node, "server", { service: "openflow", server: name, up });
    const events = [
      ...[server(0, "lb-a", "c1", false), server(100, "lb-b", "c1", false), server(200, "lb-a", "c2", false)],
      ...[server(900, "lb-a", "c1", true), server(950, "lb-b", "c1", true), server(999, "lb-b", "c2", true)],
    ];
    expect(times(events, "servers")).toEqual([[0, 999]]);
  });

  test("a drill that every node notes is one, and looks as it ended", () => {
    const drill = (after: number, node: string, outcome: string) =>
      event(after, node, "drill", { drill: "power-loss", outcome });
    const events = [
      drill(0, "lb-a", "begins"),
      drill(5, "lb-b", "begins"),
      drill(7_000, "lb-b", "failed"),
      drill(7_005, "lb-a", "failed"),
    ];
    expect(times(events, "drills")).toEqual([[0, 7_000]]);
    expect(lane(events, "drills")?.spans[0]?.tone).toBe("bad");
  });

  test("two owners, changes, and whatever else is told", () => {
    const events = [
      event(0, "lb-a", "two-owners", { lasted: null }),
      event(400, "lb-a", "two-owners", { lasted: 400 }),
      event(500, "lb-a", "apply", { phase: "aborted" }),
      event(600, "lb-a", "apply", { phase: "kept" }),
      event(700, "lb-b", "drift", { state: "found" }),
    ];
    expect(times(events, "two owners")).toEqual([[0, 400]]);
    expect(lane(events, "changes")?.marks.map(({ tone }) => tone)).toEqual(["warning", "good"]);
    expect(lane(events, "other")?.marks).toHaveLength(1);
  });

  test("whatever stands in a log, spans are in order and have a beginning before their end", () => {
    const anything = fc.record({
      kind: fc.constantFrom(...eventKinds),
      node: fc.constantFrom(...nodes, "vpn-a"),
      details: fc.dictionary(
        fc.constantFrom(
          "raised",
          "cleared",
          "peer",
          "heard",
          "from",
          "to",
          "lasted",
          "up",
          "drill",
          "outcome",
          "phase",
        ),
        fc.constantFrom<unknown>(
          "master",
          "backup",
          "lb-a",
          "begins",
          "failed",
          ["a"],
          [null],
          true,
          false,
          null,
          7,
        ),
      ),
      gap: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 40 }), (all) => {
        let at = 0;
        const moments = all.map(({ gap }) => {
          at += gap;
          return at;
        });
        const last = start + (moments.at(-1) ?? 0);
        for (const { spans } of lanesOf(
          all.map(({ node, kind, details }, index) => event(moments[index] ?? 0, node, kind, details)),
          nodes,
        ))
          for (const [index, { from, until }] of spans.entries()) {
            expect(from).toBeLessThanOrEqual(until ?? last);
            expect(from).toBeGreaterThanOrEqual(spans[index - 1]?.until ?? Number.NEGATIVE_INFINITY);
          }
      }),
    );
  });
});

describe("bars", () => {
  const now = start + 60_000;
  const window = lastOf(60_000, now);

  test("what is too short to be seen is seen, what began before begins at the edge, what goes on ends now", () => {
    const spans = [
      { from: Number.NEGATIVE_INFINITY, until: start + 6_000, tone: "owned", text: "a", keys: ["1"] },
      { from: start + 30_000, until: start + 30_001, tone: "owned", text: "b", keys: ["2"] },
      { from: start + 54_000, until: null, tone: "owned", text: "c", keys: ["3"] },
      { from: start - 9_000, until: start - 1, tone: "owned", text: "before", keys: ["4"] },
    ] as const;
    const bars = barsOf({ name: "x", spans, marks: [] }, window, now);
    expect(bars.map(({ x, width: wide }) => [x, wide])).toEqual([
      [0, 100],
      [500, 3],
      [900, 100],
    ]);
  });

  test("marks that stand too close are one that says how many, and looks like the worst", () => {
    const mark = (after: number, tone: "good" | "warning") => ({
      at: start + after,
      tone,
      text: tone,
      keys: [`${after}`],
    });
    const lane = {
      name: "changes",
      spans: [],
      marks: [mark(30_000, "good"), mark(30_010, "warning"), mark(45_000, "good")],
    };
    const bars = barsOf(lane, window, now);
    expect(bars.map(({ count, tone, keys }) => [count, tone, keys.length])).toEqual([
      [2, "warning", 2],
      [1, "good", 1],
    ]);
    expect(laneWords(lane, bars)).toBe("changes: 3 events");
    for (const { x, width: wide } of bars) expect(x + wide).toBeLessThanOrEqual(width);
  });
});
