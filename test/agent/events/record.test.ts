import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeRecord, encodeRecord, longestRecord } from "../../../src/agent/events/record.js";
import { anyEvent } from "./events.js";

test("whatever an event says, its line gives it back", () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const line = encodeRecord(event);
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(decodeRecord(line.slice(0, -1))).toEqual(event);
    }),
  );
});

test("a line with any byte changed is no event", () => {
  fc.assert(
    fc.property(anyEvent, fc.nat(), fc.integer({ min: 1, max: 255 }), (event, where, flip) => {
      const bytes = Buffer.from(encodeRecord(event).slice(0, -1));
      const at = where % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      expect(decodeRecord(bytes.toString("utf8"))).toBeNull();
    }),
  );
});

test("an event too long to keep loses its details, not itself", () => {
  const details = { diff: "x".repeat(longestRecord) };
  const event = {
    sequence: 7,
    at: "2026-01-01T00:00:00.000Z",
    node: "lb-a",
    kind: "drift" as const,
    text: "drift",
    details,
  };
  const kept = decodeRecord(encodeRecord(event).slice(0, -1));
  expect(kept).toEqual({ ...event, details: { left_out: "too long to keep" } });
});
