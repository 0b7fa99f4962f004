import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Lives, lived } from "../../../src/agent/lost-servers/lives.js";
import { lostServers } from "../../../src/agent/lost-servers/lost.js";
import type { ServerState } from "../../../src/observe/state.js";
import { exampleCluster } from "../../render/examples.js";

// by-turns.yaml: openflow has big, c1, c2 and the backup spare; an interval and a timeout are a second each.
const cluster = exampleCluster("by-turns");
const names = ["big", "c1", "c2", "spare"] as const;
type Name = (typeof names)[number];

/** HAProxy's words on the servers of openflow, `UP` where nothing is said; `REFUSED` is DOWN, refused by its machine. */
const words = (said: Partial<Record<Name, string>>): ServerState[] =>
  names.map((name) => {
    const refused = said[name] === "REFUSED";
    const status = refused ? "DOWN" : (said[name] ?? "UP");
    return { service: "openflow", name, up: status.startsWith("UP"), status, sessions: 0, refused };
  });

/** What is lost at each moment (milliseconds) of what HAProxy says from then on, asked every 100 ms. */
function lostAt(
  story: readonly (readonly [at: number, said: Partial<Record<Name, string>>])[],
  until: number,
) {
  let lives: Lives = new Map();
  const lost = new Map<string, number>();
  for (let now = 0; now <= until; now += 100) {
    const [, said = {}] = story.findLast(([at]) => at <= now) ?? [];
    lives = lived(lives, words(said), now);
    for (const { server } of lostServers(cluster, lives, now))
      if (!lost.has(server.name)) lost.set(server.name, now);
  }
  return Object.fromEntries(lost);
}

const everybody = (status: string) => Object.fromEntries(names.map((name) => [name, status]));

describe("a server of a nat service is lost", () => {
  test("at once when it refuses while the others were up before and are still", () => {
    const story = [
      [0, {}],
      [5_000, { c1: "REFUSED" }],
    ] as const;
    expect(lostAt(story, 20_000)).toEqual({ c1: 5_000 });
  });

  test("when it is silent, once another has passed a check meanwhile", () => {
    const story = [
      [0, {}],
      [5_000, { c1: "DOWN" }],
    ] as const;
    expect(lostAt(story, 20_000)).toEqual({ c1: 7_300 });
  });

  test("while only the backup lives", () => {
    const story = [
      [0, {}],
      [5_000, { big: "DOWN", c1: "DOWN", c2: "DOWN" }],
    ] as const;
    expect(Object.keys(lostAt(story, 20_000)).sort()).toEqual(["big", "c1", "c2"]);
  });

  test("not as long as HAProxy is in doubt about it, or somebody drains it", () => {
    const story = [
      [0, {}],
      [5_000, { c1: "UP 1/3", c2: "DRAIN", big: "MAINT", spare: "DOWN 1/2" }],
    ] as const;
    expect(lostAt(story, 60_000)).toEqual({});
  });

  test("not while all are down, however long, nor while the others are in doubt", () => {
    const story = [
      [0, {}],
      [5_000, { ...everybody("UP 1/3"), c1: "DOWN" }],
      [9_000, everybody("DOWN")],
    ] as const;
    expect(lostAt(story, 600_000)).toEqual({});
  });

  test("not where the agent has only just begun to look", () => {
    expect(lostAt([[0, { c1: "REFUSED" }]], 2_200)).toEqual({});
    expect(lostAt([[0, { c1: "REFUSED" }]], 2_300)).toEqual({ c1: 2_300 });
  });

  test("never by a fault of all that passes, at whatever moment each falls and comes back", () => {
    // Each server is checked at its own time, once an interval and a timeout at the latest: two seconds.
    const moment = fc.integer({ min: 0, max: 2_000 });
    const each = fc.record({ falls: moment, returns: moment, doubts: fc.integer({ min: 0, max: 1_000 }) });
    const silences = fc.array(each, { minLength: names.length, maxLength: names.length });
    fc.assert(
      fc.property(silences, fc.integer({ min: 0, max: 60_000 }), (servers, lasts) => {
        const wordAt = (index: number, now: number): string => {
          const { falls, returns, doubts } = servers[index] ?? { falls: 0, returns: 0, doubts: 0 };
          const [down, up] = [10_000 + falls + doubts, 13_000 + lasts + returns];
          if (now < 10_000 + falls || now >= up + doubts) return "UP";
          if (now < down) return "UP 1/3";
          return now < up ? "DOWN" : "DOWN 1/2";
        };
        const moments = Array.from({ length: 800 }, (_, index) => index * 100);
        const story = moments.map(
          (now) => [now, Object.fromEntries(names.map((name, index) => [name, wordAt(index, now)]))] as const,
        );
        expect(lostAt(story, 79_900)).toEqual({});
      }),
      { numRuns: 100 },
    );
  });
});
