import fc from "fast-check";
import { type Event, eventKinds } from "../../../src/api/event.js";

/** Any event that a node may tell. */
export const anyEvent: fc.Arbitrary<Event> = fc.record({
  sequence: fc.integer({ min: 1, max: 1_000_000 }),
  at: fc.constant("2026-01-01T00:00:00.000Z"),
  node: fc.constantFrom("lb-a", "lb-b"),
  kind: fc.constantFrom(...eventKinds),
  text: fc.string({ unit: "grapheme", maxLength: 60 }),
  details: fc
    .dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
    .map((details) => JSON.parse(JSON.stringify(details)) as Record<string, unknown>),
});
