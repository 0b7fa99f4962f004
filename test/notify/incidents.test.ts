import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Event, type EventKind, eventKinds } from "../../src/api/event.js";
import { Incidents } from "../../src/notify/incidents.js";
import type { Notice } from "../../src/notify/notice.js";
import type { Standing } from "../../src/notify/teller.js";

const place = { cluster: "campus", node: "lb-b" };
const start = Date.parse("2026-11-24T03:00:00.000Z");

let sequence = 0;
const next = () => {
  sequence += 1;
  return sequence;
};

/** An event so many milliseconds after the beginning. */
const event = (after: number, kind: EventKind, text: string, details: Event["details"]): Event => ({
  ...{ kind, text, details, node: place.node },
  sequence: next(),
  at: new Date(start + after).toISOString(),
});

const active: Standing = { isActive: true, isExplaining: false, hears: () => true };
const standby: Standing = { isActive: false, isExplaining: false, hears: () => true };
const deaf: Standing = { isActive: true, isExplaining: false, hears: () => false };

/**
 * All that is told of events, each taken when it happened; looked at after every event and long after the last.
 *
 * @param standings from so many milliseconds on
 */
function told(
  events: readonly Event[],
  standings: Standing | readonly (readonly [number, Standing])[] = active,
  incidents = new Incidents(place),
): Notice[] {
  const at = (now: number): Standing =>
    "hears" in standings ? standings : (standings.findLast(([from]) => from <= now)?.[1] ?? active);
  const moments = events.map(({ at }) => Date.parse(at) - start);
  return [
    ...events.flatMap((each, index) => {
      const now = moments[index] ?? 0;
      const before = incidents.due(now, at(now));
      incidents.take(each, now);
      return [...before, ...incidents.due(now, at(now))];
    }),
    ...incidents.due(Number.MAX_SAFE_INTEGER, at(Number.MAX_SAFE_INTEGER)),
  ];
}

const peerLost = (after: number) =>
  event(after, "peer", "lb-a is not heard any more: no other node stands by", { peer: "lb-a", heard: false });
const peerBack = (after: number) =>
  event(after, "peer", "lb-a is heard again after 41.0 s", { peer: "lb-a", heard: true });
const takeover = (after: number, move = "failover") =>
  event(after, "role", "lb-b is active: lb-a lost power or every link", {
    from: "backup",
    to: "master",
    move,
  });
const faultRaised = (after: number, ...raised: string[]) =>
  event(after, "fault", `${raised.join(", ")} raised`, { raised, cleared: [] });
const faultCleared = (after: number, ...cleared: string[]) =>
  event(after, "fault", `${cleared.join(", ")} cleared`, { raised: [], cleared });
const outOfSync = (after: number) =>
  event(after, "sync", "the sessions are not in sync: lb-a is silent", { state: "lost" });
const inSync = (after: number) =>
  event(after, "sync", "the sessions can be sent to the standbys again", { state: "active" });

describe("one cause is one notice, and its end another", () => {
  test("a node that loses power: what is known at once and what is understood later", () => {
    // The takeover is told when it is understood, after the loss that came later.
    const notices = told([
      peerLost(1_000),
      outOfSync(1_200),
      takeover(3_400),
      peerBack(42_000),
      inSync(45_000),
    ]);
    expect(notices).toMatchObject([
      {
        phase: "begun",
        weight: "critical",
        text: "lb-b is active: lb-a lost power or every link",
        also: [
          "lb-a is not heard any more: no other node stands by",
          "the sessions are not in sync: lb-a is silent",
        ],
      },
      {
        phase: "over",
        lasted: 44_000,
        text: "over after 44.0 s: lb-b is active: lb-a lost power or every link",
        also: ["the sessions can be sent to the standbys again"],
      },
    ]);
    expect(notices[1]?.key).toBe(notices[0]?.key);
  });

  test("the same where the peer is missed before this node takes over", () => {
    const late: (readonly [number, Standing])[] = [
      [0, standby],
      [4_000, { ...active, isExplaining: true }],
      [7_401, active],
    ];
    const moved = outOfSync(6_500);
    expect(
      told([peerLost(1_000), moved, takeover(7_400), inSync(40_000), peerBack(42_000)], late),
    ).toMatchObject([
      {
        phase: "begun",
        weight: "critical",
        also: ["lb-a is not heard any more: no other node stands by", moved.text],
      },
      { phase: "over", lasted: 41_000 },
    ]);
  });

  test("of a takeover that comes much later, what the standby had nothing to say of", () => {
    const late: (readonly [number, Standing])[] = [
      [0, standby],
      [90_000, active],
    ];
    expect(
      told([peerLost(1_000), outOfSync(60_000), takeover(93_000), inSync(99_000), peerBack(99_500)], late),
    ).toMatchObject([
      { phase: "begun", weight: "warning", text: "the sessions are not in sync: lb-a is silent" },
      { phase: "begun", weight: "critical", also: ["lb-a is not heard any more: no other node stands by"] },
      { phase: "over" },
      { phase: "over", lasted: 98_500 },
    ]);
  });

  test("the cause is told however much came of it", () => {
    const all = Array.from({ length: 40 }, (_, index) => faultRaised(index, `interface-down:n${index}`));
    expect(told([...all, takeover(3_000)])).toMatchObject([{ weight: "critical", text: takeover(0).text }]);
  });

  test("what is known already is not told again", () => {
    expect(told([peerLost(0), peerLost(20_000), peerLost(40_000)])).toHaveLength(1);
  });

  test("what was over before it was told is told once, as past", () => {
    expect(told([faultRaised(0, "haproxy-gone"), faultCleared(1_000, "haproxy-gone")])).toMatchObject([
      { phase: "told", text: "haproxy-gone raised" },
    ]);
  });

  test("two causes that came apart are two notices, each with its own end", () => {
    const notices = told([
      faultRaised(0, "haproxy-gone"),
      faultRaised(60_000, "rules-missing"),
      faultCleared(70_000, "haproxy-gone"),
      faultCleared(80_000, "rules-missing"),
    ]);
    expect(notices.map(({ phase, lasted }) => [phase, lasted])).toEqual([
      ["begun", null],
      ["begun", null],
      ["over", 70_000],
      ["over", 20_000],
    ]);
  });

  test("a cause is over when all that came of it is", () => {
    const both = [faultRaised(0, "haproxy-gone", "rules-missing"), faultCleared(9_000, "haproxy-gone")];
    expect(told(both).map(({ phase }) => phase)).toEqual(["begun"]);
    expect(told([...both, faultCleared(9_500, "rules-missing")]).map(({ phase }) => phase)).toEqual([
      "begun",
      "over",
    ]);
  });

  test("an agent that starts again goes on with what was not over", () => {
    const before = new Incidents(place);
    const [notice] = told([peerLost(0)], active, before);
    const [over] = told(
      [peerBack(90_000)],
      active,
      new Incidents(place, JSON.parse(JSON.stringify(before.open))),
    );
    expect(over).toMatchObject({ phase: "over", lasted: 90_000, key: notice?.key });
  });
});

describe("one of the nodes tells it", () => {
  test("of a peer, whoever has the virtual IPs", () => {
    expect(told([peerLost(0)], standby)).toEqual([]);
  });

  test("of two owners, the first in the alphabet while the other one hears it", () => {
    const both = (peer: string) =>
      event(0, "two-owners", `lb-b and ${peer} both act as owner`, {
        peer,
        networks: ["edge"],
        lasted: null,
      });
    expect(told([both("lb-a")])).toEqual([]);
    expect(told([both("lb-a")], deaf)).toMatchObject([{ weight: "critical", phase: "begun" }]);
    expect(told([both("lb-c")])).toHaveLength(1);
  });

  test("a node that gives the virtual IPs up leaves its troubles to the one that takes them, and nothing else", () => {
    const given = event(400, "role", "no longer active", { from: "master", to: "fault", move: null });
    const drift = event(900, "drift", "haproxy.cfg differs", {
      state: "found",
      kind: "file",
      what: "haproxy.cfg",
    });
    const all = [
      faultRaised(0, "interface-down:edge"),
      given,
      drift,
      faultCleared(30_000, "interface-down:edge"),
    ];
    expect(told(all)).toMatchObject([{ phase: "begun", text: "haproxy.cfg differs" }]);
  });

  test("its own troubles, each node", () => {
    expect(told([faultRaised(0, "haproxy-gone")], standby)).toHaveLength(1);
  });
});

describe("what is told, and how much it matters", () => {
  test.each([
    ["a planned move", takeover(0, "switchover"), "info"],
    ["a change that is kept", event(0, "apply", "kept", { phase: "kept" }), "info"],
    ["a change that was taken back", event(0, "apply", "nobody confirmed", { phase: "aborted" }), "warning"],
    ["a drill that failed", event(0, "drill", "FAILED", { drill: "x", outcome: "failed" }), "warning"],
    [
      "a dead server",
      event(0, "server", "c1 is down", { service: "s", server: "c1", up: false, status: "DOWN" }),
      "warning",
    ],
    [
      "one that is drained",
      event(0, "server", "c1 is down", { service: "s", server: "c1", up: false, status: "MAINT" }),
      "info",
    ],
    [
      "drift that is not put back",
      event(0, "drift", "is not put back", { state: "gave up", kind: "file", what: "x" }),
      "warning",
    ],
    ["dropped packets", event(0, "table", "dropped", { dropped: 3 }), "warning"],
    [
      "a certificate that cannot be read",
      event(0, "certificate", "unreadable", { trouble: "unreadable" }),
      "warning",
    ],
  ] as const)("%s", (_what, happened, weight) => {
    expect(told([happened])).toMatchObject([{ weight, text: happened.text }]);
  });

  test.each([
    ["an agent that starts", event(0, "agent", "the agent starts", {})],
    ["a certificate that is good", event(0, "certificate", "valid", { trouble: null })],
    ["reasons to wait that pass by themselves", faultRaised(0, "unsynced", "unsettled", "maintenance")],
    ["the end of what nobody was told of", faultCleared(0, "haproxy-gone")],
    ["a client that moved", event(0, "vpn", "c1 is at vpn-a", { client: "c1" })],
  ])("nothing of %s", (_what, happened) => {
    expect(told([happened])).toEqual([]);
  });

  test("what happens during a drill says so", () => {
    const drill = (after: number, outcome: string) =>
      event(after, "drill", `power-loss ${outcome}`, { drill: "power-loss", outcome });
    const notices = told([
      drill(0, "begins"),
      peerLost(1_000),
      drill(20_000, "passed"),
      faultRaised(30_000, "haproxy-gone"),
    ]);
    expect(notices.map(({ text, drill: during }) => [text, during])).toEqual([
      ["power-loss begins", "power-loss"],
      ["lb-a is not heard any more: no other node stands by", "power-loss"],
      ["power-loss passed", null],
      ["haproxy-gone raised", null],
    ]);
  });
});

test("whatever an event says, it is read; and every end has its beginning, once", () => {
  const anything = fc.record({
    kind: fc.constantFrom(...eventKinds),
    text: fc.string(),
    details: fc.dictionary(
      fc.constantFrom(
        ...[
          "raised",
          "cleared",
          "peer",
          "heard",
          "to",
          "from",
          "move",
          "state",
          "up",
          "server",
          "service",
          "why",
        ],
        ...[
          "unheard",
          "lasted",
          "networks",
          "phase",
          "outcome",
          "drill",
          "trouble",
          "full",
          "about",
          "over",
          "checked",
        ],
      ),
      fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.constantFrom("master", "failover", "lost", "found", "gone", "down", true, false, null),
        fc.array(fc.constantFrom("a", "b", "edge", null, {})),
      ),
    ),
    gap: fc.nat(9_000),
  });
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 30 }), (all) => {
      let at = 0;
      const moments = all.map(({ gap }) => {
        at += gap;
        return at;
      });
      const notices = told(
        all.map(({ kind, text, details }, index) =>
          event(moments[index] ?? 0, kind, text, details as Event["details"]),
        ),
      );
      const begun = notices.filter(({ phase }) => phase === "begun").map(({ key }) => key);
      const over = notices.filter(({ phase }) => phase === "over").map(({ key }) => key);
      expect(new Set(begun).size).toBe(begun.length);
      expect(new Set(over).size).toBe(over.length);
      expect(over.filter((key) => !begun.includes(key))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
