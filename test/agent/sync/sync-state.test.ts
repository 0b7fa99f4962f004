import { describe, expect, test } from "vitest";
import type { SyncLook } from "../../../src/agent/sync/look.js";
import { syncReport } from "../../../src/agent/sync/sync-report.js";
import { initialSync, looked } from "../../../src/agent/sync/sync-state.js";
import { active, engine, follow, look } from "./looks.js";

/** Looks a second apart that differ only in their time. */
const seconds = (from: number, to: number, changes: Partial<SyncLook> = {}): SyncLook[] =>
  Array.from({ length: to - from + 1 }, (_, index) => look((from + index) * 1_000, changes));

/** What a standby counts once so many entries have come. */
const came = (now: number, entries: number): SyncLook =>
  look(now, {
    engine: engine({ injected: entries, received: 1 + Math.floor(now / 1_000) }),
    table: entries,
  });

describe("a node that comes back", () => {
  test("drops what it would send, and asks the active node for everything", () => {
    expect(follow(initialSync(0), [look(100)]).actions).toEqual(["withdraw", "ask"]);
  });

  test("leaves the virtual IPs to the active node until it holds about as many entries", () => {
    const { state } = follow(initialSync(0), [look(100), came(300, 700)]);
    expect(syncReport(state, came(300, 700))).toMatchObject({
      state: "pending",
      unsynced: "holds 700 of the 1000 sessions' entries of lb-a",
    });
    const after = follow(state, [came(500, 990)]).state;
    expect(syncReport(after, came(500, 990))).toMatchObject({ state: "complete", why: null, unsynced: null });
  });

  test("is complete at once where there is nothing to hold", () => {
    const empty = look(100, { active: active(0) });
    const { state, actions } = follow(initialSync(0), [empty]);
    expect(actions).toEqual(["withdraw", "ask"]);
    expect(syncReport(state, empty)).toMatchObject({ state: "complete", why: null, unsynced: null });
  });

  test("is not complete by asking, however few entries there are", () => {
    for (const few of [1, 2, 20]) {
      const asked = look(100, { active: active(few), table: 30 });
      const { state } = follow(initialSync(0), [asked]);
      expect(syncReport(state, asked)).toMatchObject({
        unsynced: `holds 0 of the ${few} sessions' entries of lb-a`,
      });
      const all = look(300, { active: active(few), table: 30 + few, engine: engine({ injected: few }) });
      expect(syncReport(follow(state, [all]).state, all).state).toBe("complete");
    }
  });

  test("does not believe the count alone: what conntrackd took must stand in the kernel's table", () => {
    const refused = look(300, { engine: engine({ injected: 1_000 }), table: 40 });
    const { state } = follow(initialSync(0), [look(100), refused]);
    expect(syncReport(state, refused).state).toBe("pending");
  });

  test("asks again where nothing comes, and is eligible after half a minute, but says that it holds nothing", () => {
    const { state, actions } = follow(initialSync(0), seconds(0, 29));
    expect(actions.filter((action) => action === "ask").length).toBeGreaterThan(5);
    expect(syncReport(state, look(29_000)).unsynced).toBe("holds 0 of the 1000 sessions' entries of lb-a");
    const later = follow(state, seconds(30, 31)).state;
    expect(syncReport(later, look(31_000))).toMatchObject({
      state: "lost",
      why: "holds 0 of the 1000 sessions' entries of lb-a",
      unsynced: null,
    });
    const much = follow(later, seconds(32, 300));
    expect(much.actions.length).toBeGreaterThanOrEqual(4);
    expect(much.actions.length).toBeLessThanOrEqual(5);
    expect(syncReport(follow(much.state, [came(301_000, 1_000)]).state, came(301_000, 1_000)).state).toBe(
      "complete",
    );
  });

  test("does not ask twice while entries still come", () => {
    const looks = Array.from({ length: 29 }, (_, index) => came(100 + index * 500, index * 10));
    expect(follow(initialSync(0), looks).actions).toEqual(["withdraw", "ask"]);
  });

  test("asks again where new sessions alone come for a quarter of a minute, and less often after half a minute", () => {
    const looks = Array.from({ length: 360 }, (_, index) => came(100 + index * 500, index));
    const { actions, state } = follow(initialSync(0), looks);
    // After 0, 15, 75 and 135 s of 180.
    expect(actions.filter((action) => action === "ask")).toHaveLength(4);
    expect(syncReport(state, came(180_000, 360)).unsynced).toBeNull();
  });

  test("waits for an active node that has not published yet, for half a minute at most", () => {
    const unsaid = { active: active(0, null) };
    const { state } = follow(initialSync(0), [look(100, unsaid)]);
    expect(syncReport(state, look(100, unsaid)).unsynced).toBe(
      "lb-a has not said yet which sessions it holds",
    );
    const later = follow(state, seconds(1, 31, unsaid)).state;
    expect(syncReport(later, look(31_000, unsaid)).unsynced).toBeNull();
  });

  test("waits for nobody who cannot send: an active node without conntrackd, or none at all", () => {
    for (const peer of [active(1_000, 1, 0), null]) {
      const without = look(100, { active: peer });
      const { state } = follow(initialSync(0), [without]);
      expect(syncReport(state, without).unsynced).toBeNull();
    }
  });

  test("asks an active node of an older program too, and waits for no number", () => {
    const older = look(100, { active: { node: "lb-a", word: null } });
    const { state, actions } = follow(initialSync(0), [older]);
    expect(actions).toEqual(["withdraw", "ask"]);
    expect(syncReport(state, older)).toMatchObject({ state: "complete", why: null });
  });

  test("whose conntrackd ends again and again is eligible after half a minute all the same", () => {
    const looks = Array.from({ length: 40 }, (_, index) =>
      look(index * 1_000, { engine: engine({ instance: 100 + index, received: index }) }),
    );
    const { state } = follow(initialSync(0), looks);
    expect(syncReport(state, look(39_000)).unsynced).toBeNull();
  });
});

describe("a standby that holds everything", () => {
  const { state: whole } = follow(initialSync(0), [look(0), came(1_000, 1_000)]);
  const later = (now: number, changes: Partial<SyncLook> = {}) => ({ ...came(now, 1_000), ...changes });

  test("is left in peace", () => {
    const calm = [10, 20, 30, 40].map((second) => later(second * 1_000));
    expect(follow(whole, calm).actions).toEqual([]);
  });

  test("asks again when the active node publishes anew, and stays eligible and well meanwhile", () => {
    const anew = later(10_000, { active: active(1_000, 2) });
    const { state, actions } = follow(whole, [anew]);
    expect(actions).toEqual(["ask"]);
    expect(syncReport(state, anew)).toMatchObject({ why: null, unsynced: null });
  });

  test("says so, and stays eligible, when the active node's conntrackd is gone", () => {
    const gone = (now: number) => later(now, { active: active(0, null, 0), isSpokenTo: false });
    const { state } = follow(whole, [gone(10_000), gone(16_000)]);
    expect(syncReport(state, gone(16_000))).toMatchObject({
      state: "lost",
      why: "the conntrackd of lb-a does not answer",
      unsynced: null,
    });
  });

  test("says that the link is silent, stays eligible, and asks at once when it speaks again", () => {
    const silent = (now: number) => later(now, { engine: engine({ injected: 1_000, received: 2 }) });
    const { state } = follow(whole, [silent(2_000), silent(12_000), silent(60_000)]);
    expect(syncReport(state, silent(60_000))).toMatchObject({
      state: "lost",
      why: "nothing arrives from the peers' conntrackd for 59 s",
      unsynced: null,
    });
    const back = follow(state, [later(61_000)]);
    expect(back.actions).toEqual(["ask"]);
    const whole2 = look(62_000, { engine: engine({ injected: 2_000, received: 70 }), table: 1_000 });
    expect(syncReport(follow(back.state, [whole2]).state, whole2).state).toBe("complete");
  });

  test("asks again when its table was emptied", () => {
    expect(follow(whole, [later(70_000, { table: 3 })]).actions).toEqual(["ask"]);
  });

  test("drops what conntrackd put into its cache of its own accord", () => {
    const full = later(20_000, { engine: engine({ cached: 5_000, injected: 1_000, received: 21 }) });
    expect(follow(whole, [full]).actions).toEqual(["withdraw"]);
  });

  test("is the one that others ask from the moment it takes over", () => {
    const taken = (now: number) =>
      look(now, { role: "active", active: null, engine: engine({ cached: 1_000 }) });
    const { state, actions } = follow(whole, [taken(10_000)]);
    expect(actions).toEqual(["publish"]);
    expect(state.epoch).toBeNull();
    expect(follow(state, [taken(10_300)]).state.epoch).toBe(look(10_300).time);
  });
});

describe("the active node", () => {
  const holds = (now: number, changes: Partial<SyncLook> = {}) =>
    look(now, {
      role: "active",
      active: null,
      engine: engine({ cached: 1_000, received: now }),
      table: 1_100,
      ...changes,
    });
  const { state: serving } = follow(initialSync(0), [holds(0), holds(300)]);

  test("publishes again after ten minutes, and no sooner", () => {
    expect(follow(serving, [holds(60_000), holds(590_000)]).actions).toEqual([]);
    expect(follow(serving, [holds(601_000)]).actions).toEqual(["publish"]);
  });

  test("publishes again when the kernel had news for conntrackd and nowhere to put them", () => {
    const overrun = holds(10_000, { engine: engine({ cached: 1_000, overruns: 1, received: 10_000 }) });
    const { state, actions } = follow(serving, [overrun]);
    expect(actions).toEqual(["publish"]);
    expect(follow(state, [{ ...overrun, now: 20_000 }]).actions).toEqual([]);
  });

  test("names no publication before conntrackd has read the table", () => {
    const { state } = follow(initialSync(0), [holds(0, { engine: engine({ cached: 100 }) })]);
    const reading = looked(state, holds(300, { engine: engine({ cached: 60_000 }) }));
    expect(reading.epoch).toBeNull();
    expect(looked(reading, holds(600, { engine: engine({ cached: 61_000 }) })).epoch).not.toBeNull();
  });

  test("publishes again for a conntrackd that was started again", () => {
    expect(follow(serving, [holds(5_000, { engine: engine({ instance: 8 }) })]).actions).toEqual(["publish"]);
  });

  test("that gives the virtual IPs up drops what it would send, and is never in doubt about what it held itself", () => {
    const { state, actions } = follow(serving, [look(5_000)]);
    expect(actions).toEqual(["withdraw", "ask"]);
    expect(syncReport(state, look(5_000))).toMatchObject({ unsynced: null, why: null });
  });

  test("does nothing while keepalived has not spoken", () => {
    expect(follow(serving, [holds(5_000, { role: "unknown" })]).actions).toEqual([]);
  });
});

describe("what conntrackd refuses", () => {
  test("is asked of it again, a second later, and told when it lasts", () => {
    const first = follow(initialSync(0), [look(0), look(500)], ["withdraw"]);
    expect(first.actions).toEqual(["withdraw"]);
    const again = follow(first.state, seconds(1, 6), ["withdraw"]);
    expect(again.actions.length).toBe(6);
    expect(syncReport(again.state, look(6_000)).why).toBe("conntrackd: no");
    expect(follow(again.state, seconds(7, 7)).actions).toEqual(["withdraw", "ask"]);
  });

  test("a conntrackd that does not answer is told of after a moment", () => {
    const dead = (now: number) => look(now, { engine: null });
    const young = follow(initialSync(0), [dead(0), dead(3_000)]).state;
    expect(syncReport(young, dead(3_000)).state).toBe("pending");
    const old = follow(young, [dead(6_000)]).state;
    expect(syncReport(old, dead(6_000))).toMatchObject({ state: "lost", why: "conntrackd does not answer" });
    // It hears nobody either: that is no word about the peers.
    const standby = follow(initialSync(0), [look(0), came(1_000, 1_000)]).state;
    const frozen = follow(standby, [dead(20_000)]).state;
    expect(syncReport(frozen, dead(20_000)).why).toBeNull();
  });
});
