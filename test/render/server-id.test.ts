import fc from "fast-check";
import { expect, test } from "vitest";
import { serverIds } from "../../src/render/server-id.js";

const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,6}[a-z0-9]$/), { maxLength: 60 });

test("the order in which servers are written changes no id", () => {
  fc.assert(
    fc.property(names, (own) => {
      const ids = serverIds(own);
      for (const [name, id] of serverIds(own.toReversed())) expect(ids.get(name)).toBe(id);
    }),
  );
});

test("no two servers of a service share a place in HAProxy's hash, even five thousand of them", () => {
  const ids = serverIds(Array.from({ length: 5_000 }, (_, index) => `c${index}`));
  const firstPlaces = new Set([...ids.values()].map((id) => Math.imul(id, 4096) >>> 0));
  expect(firstPlaces.size).toBe(5_000);
  for (const id of ids.values()) expect(id).toBeGreaterThan(0);
});

test("a server that comes or goes leaves the ids of the others alone, unless two names hash alike", () => {
  const many = Array.from({ length: 5_000 }, (_, index) => `c${index}`);
  const alone = new Map(many.map((name) => [name, serverIds([name]).get(name)]));
  const moved = [...serverIds(many)].filter(([name, id]) => alone.get(name) !== id);
  // n^2 / 2 / 2^20 pairs are expected to collide: about twelve.
  expect(moved.length).toBeLessThan(40);
});
