import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import type { EngineWord, Scene } from "../../../src/agent/sync/look.js";
import type { SyncEngine } from "../../../src/agent/sync/sync-engine.js";
import type { SyncReport } from "../../../src/agent/sync/sync-report.js";
import { SyncWatch } from "../../../src/agent/sync/sync-watch.js";
import { until } from "../../lab/agent-rig.js";
import { active, engine } from "./looks.js";

/** conntrackd in memory: what it is asked, and what it answers. */
class Conntrackd implements SyncEngine {
  word: EngineWord | null = engine({ cached: 30 });
  made: number | null = 7;
  wanted = true;
  readonly asked: string[] = [];
  refusals = 0;

  isWanted = () => this.wanted;
  instance = () => this.made;
  look = async () => this.word;
  table = () => 10_000;

  async act(action: string): Promise<string | null> {
    this.asked.push(action);
    if (this.refusals === 0) return null;
    this.refusals -= 1;
    return "conntrackd -n: no";
  }
}

const watches: SyncWatch[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.stop();
});

function scene(first: Scene) {
  const conntrackd = new Conntrackd();
  const told: SyncReport[] = [];
  const renewed: (number | null)[] = [];
  const state = { scene: first };
  const watch = new SyncWatch(
    conntrackd,
    {
      scene: () => state.scene,
      changed: () => undefined,
      told: (report) => told.push(report),
      renewed: () => renewed.push(conntrackd.made),
    },
    pino({ enabled: false }),
  );
  watches.push(watch);
  /** As the agent's pulse does. */
  const holds = (what: string, is: () => boolean) =>
    until(what, () => {
      watch.beat(performance.now());
      return is();
    });
  return { conntrackd, told, renewed, state, watch, holds };
}

const standby: Scene = { role: "standby", active: active(1_000), isSpokenTo: false, isWaitedFor: false };
const holder: Scene = { ...standby, role: "active", active: null };

test("a change of role is followed at once, however calm it was", async () => {
  const { conntrackd, state, watch, holds } = scene({ ...standby, active: active(0) });
  await holds("complete", () => watch.report.state === "complete");
  expect(conntrackd.asked).toEqual(["withdraw", "ask"]);
  state.scene = holder;
  await holds("the publication has a name", () => watch.word.epoch !== null);
  expect(conntrackd.asked).toEqual(["withdraw", "ask", "publish"]);
  expect(watch.word).toMatchObject({ instance: 7, entries: 30, pending: false });
});

test("a conntrackd that was started again is told of once, its first run not at all", async () => {
  const { conntrackd, watch, renewed, holds } = scene(holder);
  await holds("the publication has a name", () => watch.word.epoch !== null);
  expect(renewed).toEqual([]);
  conntrackd.made = 8;
  conntrackd.word = engine({ cached: 30, instance: 8 });
  await holds("it is told", () => renewed.length > 0);
  await holds("the publication has a name again", () => watch.word.epoch !== null);
  expect(renewed).toEqual([8]);
});

test("what conntrackd refuses is asked of it again", async () => {
  const { conntrackd, watch, holds } = scene({ ...standby, active: active(0) });
  conntrackd.refusals = 2;
  await holds("complete", () => watch.report.state === "complete");
  expect(conntrackd.asked).toEqual(["withdraw", "withdraw", "withdraw", "ask"]);
});

test("peers are told what is missing, and that it has come", async () => {
  const { conntrackd, watch, told, holds } = scene(standby);
  await holds("it asked", () => conntrackd.asked.includes("ask"));
  await holds("it waits", () => watch.report.unsynced !== null);
  expect(watch.word.pending).toBe(true);
  conntrackd.word = engine({ injected: 1_000 });
  await holds("complete", () => watch.report.state === "complete");
  expect(watch.word.pending).toBe(false);
  expect(told.map(({ state }) => state)).toEqual(["pending", "complete"]);
});

test("an active node says at once how many entries it has when somebody begins to wait for them", async () => {
  const { conntrackd, state, watch, holds } = scene(holder);
  await holds("the publication has a name", () => watch.word.epoch !== null);
  conntrackd.word = engine({ cached: 20 });
  state.scene = { ...holder, isWaitedFor: true };
  await holds("it has looked again", () => watch.word.entries === 20);
});

test("a conntrackd that no generation has run is not asked for, until one does", async () => {
  const { conntrackd, watch, holds } = scene({ ...standby, active: active(0) });
  conntrackd.wanted = false;
  watch.beat(performance.now());
  expect(watch.report).toMatchObject({ state: "off", why: null, unsynced: null });
  expect(conntrackd.asked).toEqual([]);
  conntrackd.wanted = true;
  await holds("complete", () => watch.report.state === "complete");
});

test("a conntrackd that should run and never did is missed", async () => {
  const { conntrackd, watch, holds } = scene(standby);
  Object.assign(conntrackd, { made: null, word: null });
  await holds("it is missed", () => watch.report.why === "conntrackd does not answer");
  expect(watch.word.instance).toBe(0);
});

test("the next watch goes on where this one stopped, and asks for nothing again", async () => {
  const { conntrackd, watch, holds } = scene({ ...standby, active: active(0) });
  await holds("complete", () => watch.report.state === "complete");
  watch.stop();
  const nobody = () => undefined;
  const listener = { scene: () => standby, changed: nobody, told: nobody, renewed: nobody };
  const next = new SyncWatch(conntrackd, listener, pino({ enabled: false }), watch.known);
  watches.push(next);
  await until("it has looked", () => {
    next.beat(performance.now());
    return next.report.state === "complete";
  });
  expect(conntrackd.asked).toEqual(["withdraw", "ask"]);
});
