import { expect, test } from "vitest";
import { syncEvent } from "../../../src/agent/daemon/sync-event.js";
import { syncNotLooked } from "../../../src/agent/sync/sync-report.js";

const pending = { ...syncNotLooked, entries: 0, silence: 100 };
const waiting = { ...pending, why: "holds 1 of 9 of lb-a", unsynced: "holds 1 of 9 of lb-a" };
const complete = { ...pending, state: "complete" } as const;
const lost = { ...pending, state: "lost", why: "conntrackd does not answer" } as const;

test("a sync that is lost is told with its reason, and that it is back", () => {
  expect(syncEvent(lost, complete)).toMatchObject({
    kind: "sync",
    text: "the sessions are not in sync: conntrackd does not answer",
  });
  expect(syncEvent(complete, lost)?.text).toBe("this node holds the sessions of the active node");
  expect(syncEvent({ ...complete, state: "active" }, lost)?.text).toMatch(/can be sent/);
});

test("what was waited for is told when it has come; what was there at once is not", () => {
  expect(syncEvent(complete, waiting)?.text).toBe("this node holds the sessions of the active node");
  expect(syncEvent(complete, pending)).toBeNull();
  expect(syncEvent(complete, { ...complete, state: "active" })).toBeNull();
});

test("another reason for the same loss is not told again", () => {
  expect(syncEvent({ ...lost, why: "nothing arrives" }, lost)).toBeNull();
});
