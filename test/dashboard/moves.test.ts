import { expect, test } from "vitest";
import type { Event } from "../../src/api/event.js";
import { movesIn } from "../../src/dashboard/model/moves.js";

const role = (sequence: number, details: Record<string, unknown>): Event => ({
  ...{ sequence, node: "lb-b", at: "2026-12-01T00:00:00.000Z", kind: "role", text: "" },
  details,
});

test("moves are told newest first; a role that nobody gave up is none, nor is what says less than it should", () => {
  const events = [
    role(1, { move: null, to: "master" }),
    role(2, { move: "failover", cause: "lb-a fell silent", spans: [{ what: "detect", milliseconds: 283 }] }),
    role(3, { move: "switchover", by: "anna" }),
    { ...role(4, { move: "failover" }), kind: "fault" as const },
    role(5, {}),
  ];
  const moves = movesIn(events);
  expect(moves.map(({ event }) => event.sequence)).toEqual([3, 2]);
  expect(moves[0]?.details).toMatchObject({ by: "anna", spans: [], evidence: [] });
});
