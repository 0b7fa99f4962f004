import { describe, expect, test } from "vitest";
import type { DrillNote } from "../../src/api/drill-note.js";
import type { Event } from "../../src/api/event.js";
import { maintenance } from "../../src/drill/catalogue/maintenance.js";
import { switchover } from "../../src/drill/catalogue/switchover.js";
import { runLive } from "../../src/drill/live/live-run.js";
import type { LiveSubject } from "../../src/drill/live/live-subject.js";
import type { Readiness } from "../../src/drill/situation.js";
import { campus } from "./campus.js";

/** A pair of agents that do what they are asked, and tell of it. */
class Pair implements LiveSubject {
  readonly cluster = campus;
  readonly notes: DrillNote["outcome"][] = [];
  readonly events: Event[] = [];
  owner = "lb-b";
  away: string | null = null;
  /** What comes between a request and its answer. */
  asked: () => void = () => undefined;

  constructor() {
    for (const node of ["lb-a", "lb-b"]) this.tell(node, "agent", "it runs");
  }

  private tell(node: string, kind: Event["kind"], text: string, details = {}): void {
    const sequence = this.events.filter((event) => event.node === node).length + 1;
    this.events.push({ sequence, at: new Date().toISOString(), node, kind, text, details });
  }

  private take(node: string): void {
    const networks = [{ network: "switches", evidence: [], spans: [{ what: "detect", milliseconds: 4 }] }];
    this.tell(node, "role", `switchover ${this.owner} -> ${node}`, {
      ...{ to: "master", move: "switchover", networks },
    });
    this.owner = node;
  }

  move = async (_from: string, to: string) => {
    this.take(to);
    this.asked();
    return { at: Date.now(), gap: 6 };
  };
  maintain = async (node: string, on: boolean) => {
    this.away = on ? node : null;
    this.tell(node, "maintenance", `anna took ${node} out of service`);
    if (on && this.owner === node) this.take(node === "lb-a" ? "lb-b" : "lb-a");
    this.asked();
  };
  look = async () => {
    const readiness: Readiness =
      this.away === null
        ? { ready: true, active: this.owner, standby: this.owner === "lb-a" ? "lb-b" : "lb-a" }
        : { ready: false, reason: `${this.away} is not ready (maintenance)` };
    return { readiness, active: [this.owner] };
  };
  note = async ({ outcome }: DrillNote) => void this.notes.push(outcome);
  logs = async () => ["lb-a", "lb-b"].map((name) => this.events.filter(({ node }) => node === name));
  watch = async () => ({ readings: () => [], unmeasured: [], stop: async () => undefined });
}

const options = (signal = new AbortController().signal) => {
  const told: string[] = [];
  return { told, progress: (text: string) => void told.push(text), signal };
};

describe("a safe drill on real nodes", () => {
  test.each([switchover, maintenance])(
    "$name goes there and back, and is judged by what agents tell",
    async (drill) => {
      const pair = new Pair();
      const { seen, verdict, events } = await runLive(drill, pair, options());
      expect(verdict).toEqual({ pass: true, reasons: [] });
      expect(seen).toMatchObject({ moves: 2, active: { before: "lb-b", meanwhile: "lb-a", after: "lb-b" } });
      expect(seen.readings.map(({ what, value }) => [what, value])).toEqual([
        ["virtual IP silent for the new active node", 6],
        ["takeover, as its agent explains it", 4],
      ]);
      expect(events.map(({ text }) => text)).not.toContain("it runs");
      expect(pair).toMatchObject({ owner: "lb-b", away: null, notes: ["begins", "passed"] });
    },
  );

  test("says what nobody measured: the way into maintenance, and what an agent noticed that did not answer", async () => {
    const deaf = new Pair();
    const { logs } = deaf;
    deaf.logs = async () => (await logs()).slice(1);
    const whats = async (drill: typeof maintenance, pair: Pair) =>
      (await runLive(drill, pair, options())).seen.unmeasured.map(({ what }) => what);
    const [there, planned, unanswered] = await Promise.all([
      whats(maintenance, new Pair()),
      whats(switchover, new Pair()),
      whats(switchover, deaf),
    ]);
    expect(there).toContain("virtual IP silent for the new active node, of both moves");
    expect(planned).not.toContain("virtual IP silent for the new active node, of both moves");
    expect(unanswered).toContain("what lb-a noticed");
  });

  test.each([switchover, maintenance])(
    "$name is undone when it is interrupted while it moves",
    async (drill) => {
      const pair = new Pair();
      const abort = new AbortController();
      pair.asked = () => abort.abort();
      const watched = options(abort.signal);
      await expect(runLive(drill, pair, watched)).rejects.toThrow();
      expect(watched.told.at(-1)).toBe("undone; lb-b is active");
      expect(pair).toMatchObject({ owner: "lb-b", away: null, notes: ["begins", "interrupted"] });
    },
  );

  test("is undone when the answer to its request got lost", async () => {
    const pair = new Pair();
    pair.asked = () => {
      pair.asked = () => undefined;
      throw new Error("no answer within 30000 ms");
    };
    const watched = options();
    await expect(runLive(switchover, pair, watched)).rejects.toThrow("no answer");
    expect(watched.told.at(-1)).toBe("undone; lb-b is active");
    expect(pair).toMatchObject({ owner: "lb-b", notes: ["begins", "failed"] });
  });

  test("says so where it cannot be undone", async () => {
    const pair = new Pair();
    pair.asked = () => {
      throw new Error("lb-b stays");
    };
    const watched = options();
    await expect(runLive(switchover, pair, watched)).rejects.toThrow("lb-b stays");
    expect(watched.told.at(-1)).toBe("NOT undone, lb-b may not be active again: lb-b stays");
  });
});
