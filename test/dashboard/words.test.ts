import { describe, expect, test } from "vitest";
import type { LivePicture } from "../../src/api/live.js";
import { barredBecause } from "../../src/dashboard/model/barred.js";
import { checkOf } from "../../src/dashboard/model/check.js";
import { costOfMove } from "../../src/dashboard/model/cost.js";
import { diffLines, diffSum } from "../../src/dashboard/model/diff.js";
import { costOfDrain, costOfReturn } from "../../src/dashboard/model/drain-words.js";
import { costOfPlan } from "../../src/dashboard/model/plan-words.js";
import { outcomeWords, progressLine } from "../../src/dashboard/model/progress-words.js";
import { safeToMove } from "../../src/dashboard/model/safe-to-move.js";
import { secondsLeft, spoken } from "../../src/dashboard/model/time-left.js";
import { campus } from "../drill/campus.js";

const service = (name: string, mode: "proxy" | "nat", sessions: number): LivePicture["services"][number] => ({
  ...{ name, mode, port: 6653, redundant: true, sessions, rate: null, servers: [], mirror: null },
});
const node = (name: string, more: Partial<LivePicture["nodes"][number]> = {}) => ({
  ...{ name, role: "standby" as const, healthy: true, troubles: [], why: "fit", generation: null },
  ...{ maintenance: null, drift: false, program: null, certificate_expires: null },
  ...{ last_takeover: null, sync: "complete", contradicts: [], ...more },
});
const picture = (more: Partial<LivePicture>): LivePicture => ({
  ...{ kind: "picture", at: "2026-12-01T10:00:00.000Z", healthy: true, redundant: true, remarks: [] },
  ...{ nodes: [node("lb-a", { role: "active" }), node("lb-b")], virtual_ips: [], services: [] },
  ...{ vpn_servers: [], trial: null, ...more },
});

describe("what a move costs", () => {
  const services = [
    service("openflow", "proxy", 96),
    service("syslog", "nat", 1),
    service("old", "proxy", 0),
  ];

  test("is told by service: who reconnects, and who goes on", () => {
    expect(costOfMove(picture({ services }), "lb-b")).toEqual([
      "96 sessions of openflow end, and connect again",
      "1 session of syslog go on: lb-b holds their state",
    ]);
  });

  test("is more where the node that takes over does not hold the sessions' state", () => {
    const nodes = [node("lb-a"), node("lb-b", { sync: "lost" })];
    expect(costOfMove(picture({ services, nodes }), "lb-b")[1]).toContain("may end");
  });

  test("is nothing where nobody is connected", () => {
    expect(costOfMove(picture({}), "lb-b")).toEqual(["no session is open now"]);
  });
});

describe("whether it is safe to switch now", () => {
  const target = (to: string, more: object = {}) => ({
    ...{ to, obstacle: null, forceable: true, warning: null, ...more },
  });
  const safe = (...targets: ReturnType<typeof target>[]) =>
    safeToMove({ answer: { from: "lb-a", expected: 52, targets }, trouble: null });

  test("is yes as soon as one node could take over, and says which", () => {
    expect(safe(target("lb-b", { obstacle: "it is down" }), target("lb-c"))).toEqual({
      level: "good",
      words: "It is safe to switch to lb-c now.",
    });
  });

  test("is yes with a reserve where something is worth knowing", () => {
    expect(safe(target("lb-b", { warning: "lb-b differs" }))).toMatchObject({ level: "warning" });
  });

  test("is no with the reasons, each once", () => {
    const why = "2 nodes are active";
    expect(safe(target("lb-b", { obstacle: why }), target("lb-a", { obstacle: why }))).toEqual({
      level: "bad",
      words: "Not safe to switch: 2 nodes are active.",
    });
  });

  test("is not known where the agent does not say, and never yes then", () => {
    expect(safeToMove({ answer: null, trouble: "the agent does not answer" }).level).toBe("unknown");
    const old = { from: "lb-a", expected: 52, targets: [target("lb-b")] };
    expect(safeToMove({ answer: old, trouble: "the agent does not answer" }).level).toBe("unknown");
  });
});

describe("what the agent says before something is done", () => {
  const nothing = { obstacle: null, forceable: false, warnings: [] };

  test("is waited for, and a check that fails is an obstacle that nobody can insist against", () => {
    expect(checkOf({ answer: null, trouble: null }, () => nothing)).toMatchObject({ known: false });
    expect(checkOf({ answer: 1, trouble: "no" }, () => ({ ...nothing, forceable: true }))).toEqual({
      ...{ known: true, obstacle: "no", forceable: false, warnings: [] },
    });
    expect(checkOf({ answer: 1, trouble: null }, () => nothing)).toEqual({ known: true, ...nothing });
  });
});

describe("taking a node out of service", () => {
  const drain = { node: "lb-a", in_maintenance: false, obstacle: null, takes_over: "lb-b", left: ["lb-b"] };

  test("says who takes over, what that costs, and that nobody is left for the next failure", () => {
    expect(costOfDrain(drain, picture({ services: [service("openflow", "proxy", 2)] }))).toEqual([
      "lb-b takes the virtual IPs over from lb-a",
      "2 sessions of openflow end, and connect again",
      "nobody could take over from lb-b then",
      "changes leave lb-a out until it is back",
    ]);
  });

  test("moves nothing where the node stands by", () => {
    expect(costOfDrain({ ...drain, takes_over: null, left: ["lb-b", "lb-c"] }, picture({}))).toEqual([
      "changes leave lb-a out until it is back",
    ]);
  });

  test("back into service it may take the virtual IPs back, where preemption is set", () => {
    const preempting = { ...campus, failover: { ...campus.failover, preempt: true } };
    expect(costOfReturn("lb-a", preempting, ["lb-b"]).at(-1)).toMatch(/takes the virtual IPs back from lb-b/);
    expect(costOfReturn("lb-b", preempting, ["lb-a"])).toHaveLength(1);
    expect(costOfReturn("lb-a", campus, ["lb-b"])).toHaveLength(1);
  });
});

describe("who may act", () => {
  const person = { name: "bert", role: "viewer" } as const;

  test("is an operator on a page whose agent answers; everybody else is told why not", () => {
    expect(barredBecause({ person, connected: true, node: "lb-a" })).toBe(
      "bert looks as a viewer: only an operator may act",
    );
    const anna = { name: "anna", role: "operator" } as const;
    expect(barredBecause({ person: anna, connected: true, node: "lb-a" })).toBeNull();
    expect(barredBecause({ person: anna, connected: false, node: "lb-a" })).toMatch(/lb-a does not answer/);
    expect(barredBecause({ person: null, connected: true, node: "lb-a" })).not.toBeNull();
  });
});

describe("a difference", () => {
  const diff = "--- generation 13/x\n+++ generation 14/x\n@@ -1,2 +1,3 @@\n a\n-b\n+++ c\n+d\n";

  test("is told line by line: the names of both sides are no change, a line that begins with a sign is one", () => {
    expect(diffLines(diff).map(({ kind }) => kind)).toEqual([
      ...["place", "place", "place", "same", "removed", "added", "added"],
    ]);
    expect(diffSum(diffLines(diff))).toBe("2 lines added, 1 removed");
  });
});

describe("a plan", () => {
  test("costs what its nodes say, each sentence once, and names who takes no part", () => {
    const still = { isEmpty: false, impact: ["No session dropped."] };
    expect(
      costOfPlan({
        isEmpty: false,
        nodes: [
          { name: "lb-a", ...still },
          { name: "lb-b", ...still },
          { name: "lb-c", isEmpty: true, impact: ["No session dropped."] },
        ],
        without: [{ node: "lb-d", why: "in maintenance" }],
      }),
    ).toEqual([
      "lb-a and lb-b: No session dropped.",
      "lb-d (in maintenance) takes no part, and catches up later",
    ]);
  });
});

describe("a change's progress", () => {
  test("is a line a step", () => {
    expect(progressLine({ kind: "prepared", node: "lb-a", took: 120, checked: [] })).toBe(
      "lb-a: prepared after 0.1 s",
    );
    const refusals = [{ path: "/etc/x", engine: "haproxy", words: "unknown keyword" }];
    expect(progressLine({ kind: "refused", node: "lb-b", refusals })).toBe("lb-b refuses: unknown keyword");
  });

  test("ends with what runs where, and what else is to be done", () => {
    const ended = { kind: "ended", generation: { number: 13, digest: "aa" }, nodes: ["lb-a"] } as const;
    const words = outcomeWords({
      ...{ ...ended, outcome: "undone", nodes: ["lb-a"], without: [], confirm_by: null },
      trouble: ["lb-b settles from the others"],
    });
    expect(words).toEqual(["it is not kept: generation 13 runs on lb-a", "lb-b settles from the others"]);
  });
});

describe("the time that is left", () => {
  const at = (second: number) => Date.UTC(2026, 11, 1, 10, 0, second);

  test("counts down to nothing, and not below", () => {
    const until = new Date(at(5)).toISOString();
    expect([secondsLeft(until, at(0)), secondsLeft(until, at(4) + 1), secondsLeft(until, at(9))]).toEqual([
      5, 1, 0,
    ]);
    expect([spoken(59), spoken(65), spoken(600)]).toEqual(["59 s", "1 min 5 s", "10 min 0 s"]);
  });
});
