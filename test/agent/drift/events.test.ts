import { expect, test } from "vitest";
import { DriftEvents } from "../../../src/agent/drift/drift-events.js";
import type { Drifted } from "../../../src/agent/drift/drift-ledger.js";
import type { Happening } from "../../../src/agent/events/log.js";

const item: Drifted = {
  kind: "setting",
  what: "net.ipv4.ip_forward",
  diff: "-net.ipv4.ip_forward = 1\n+net.ipv4.ip_forward = 0\n",
  sentence: "net.ipv4.ip_forward is 0 instead of 1",
  since: "2026-01-01T00:00:00.000Z",
};

const recorded = () => {
  const happenings: Happening[] = [];
  return { happenings, events: new DriftEvents((happening) => happenings.push(happening)) };
};

test("each drift is an event with its diff, from being found to being put back or given up", () => {
  const { happenings, events } = recorded();
  events.found([item]);
  events.restored(item);
  events.gone([item]);
  events.gaveUp(item, "it was put back three times and did not stay so");
  expect(happenings.map(({ text }) => text)).toEqual([
    "net.ipv4.ip_forward is 0 instead of 1",
    "net.ipv4.ip_forward was put back: net.ipv4.ip_forward is 0 instead of 1",
    "net.ipv4.ip_forward stands again as it was applied",
    "net.ipv4.ip_forward is not put back: it was put back three times and did not stay so",
  ]);
  expect(happenings[0]).toMatchObject({ kind: "drift", details: { state: "found", diff: item.diff } });
});

test("what flaps is told twenty times and then once more, and does not silence anything else", () => {
  const { happenings, events } = recorded();
  for (let round = 0; round < 100; round++) events.found([item]);
  expect(happenings).toHaveLength(21);
  expect(happenings.at(-1)?.text).toBe("net.ipv4.ip_forward keeps changing: not all of it is told");
  events.found([{ ...item, what: "net.ipv6.ip_nonlocal_bind" }]);
  expect(happenings).toHaveLength(22);
});

test("an event has room for its diff whatever the length of that", () => {
  const { happenings, events } = recorded();
  events.found([{ ...item, diff: "+x\n".repeat(20_000) }]);
  expect(JSON.stringify(happenings[0]).length).toBeLessThan(32 * 1024);
});
