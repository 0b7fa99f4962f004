import { describe, expect, test } from "vitest";
import type { HistoryEntry } from "../../src/api/documents.js";
import { catchUpDecision, type Sighted } from "../../src/fleet/catch-up-decision.js";

const kept = (number: number, digest = `${number}a`, program = "1.0.0"): HistoryEntry => ({
  number,
  digest,
  program,
  at: "2026-11-25T10:00:00.000Z",
  author: "anna",
  message: "",
  current: true,
  confirm_by: null,
});

const decide = (seen: Partial<Sighted>) =>
  catchUpDecision({
    node: "lb-b",
    programVersion: "1.0.0",
    current: { number: 7, digest: "7a" },
    busy: false,
    maintenance: false,
    peers: [],
    heard: [],
    ...seen,
  });

describe("a node that compares itself with its peers", () => {
  test("is settled when it runs what they keep, when they are behind, or when nobody answers", () => {
    expect(decide({ peers: [{ node: "lb-a", kept: kept(7) }] }).kind).toBe("settled");
    expect(decide({ peers: [{ node: "lb-a", kept: kept(6) }] }).kind).toBe("settled");
    expect(decide({ peers: [{ node: "lb-a", kept: null }] }).kind).toBe("settled");
    expect(decide({}).kind).toBe("settled");
  });

  test("is not settled while the beats tell of a newer generation, and nobody answers who knows whether it is kept", () => {
    const heard = [{ node: "lb-a", generation: { number: 8, digest: "8a" } }];
    expect(decide({ heard })).toEqual({
      kind: "unanswered",
      why: "lb-a runs generation 8, this node 7, and its agent does not answer: is the management network up?",
    });
    expect(decide({ heard, peers: [{ node: "lb-c", kept: kept(7) }] }).kind).toBe("unanswered");
    // On trial there, for instance: it says itself what it keeps.
    expect(decide({ heard, peers: [{ node: "lb-a", kept: kept(7) }] }).kind).toBe("settled");
    expect(decide({ heard, peers: [{ node: "lb-c", kept: kept(8) }] }).kind).toBe("apply");
    expect(decide({ heard: [{ node: "lb-a", generation: { number: 7, digest: "7a" } }] }).kind).toBe(
      "settled",
    );
    expect(decide({ heard: [{ node: "lb-a", generation: null }] }).kind).toBe("settled");
    expect(decide({ heard, current: null }).kind).toBe("settled");
  });

  test("takes the newest generation that any of them keeps", () => {
    const peers = [
      { node: "lb-a", kept: kept(8) },
      { node: "lb-c", kept: kept(9) },
    ];
    expect(decide({ peers })).toEqual({ kind: "apply", from: "lb-c", entry: kept(9) });
    expect(decide({ peers, current: null })).toMatchObject({ kind: "apply", from: "lb-c" });
  });

  test("leaves a change that is under way to its own end", () => {
    expect(decide({ busy: true, peers: [{ node: "lb-a", kept: kept(8) }] }).kind).toBe("busy");
  });

  test("waits, and says why, in maintenance or with another version of the program", () => {
    const peers = [{ node: "lb-a", kept: kept(8, "8a", "1.1.0") }];
    expect(decide({ peers, maintenance: true })).toMatchObject({
      kind: "wait",
      why: "lb-a runs generation 8, this node 7: this node is in maintenance",
    });
    expect(decide({ peers })).toMatchObject({
      why: "lb-a runs generation 8, this node 7, made by holdfast 1.1.0; this node has 1.0.0: install that here, or one version on all nodes and apply again",
    });
  });

  test("agrees with its peer on one of two generations that got the same number apart from each other", () => {
    const here = decide({ peers: [{ node: "lb-a", kept: kept(7, "7b") }] });
    const there = decide({ current: { number: 7, digest: "7b" }, peers: [{ node: "lb-b", kept: kept(7) }] });
    expect([here.kind, there.kind]).toEqual(["apply", "settled"]);
  });
});
