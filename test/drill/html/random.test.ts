import { describe, expect, test } from "vitest";
import { drawnRound } from "../../../src/drill/html/drawn-span.js";
import { page } from "../../../src/drill/html/page.js";
import type { RandomReport } from "../../../src/drill/random/random-result.js";
import { campus } from "../campus.js";
import { passed, randomReport, reportOf, violated } from "../specimen.js";
import { unended } from "./tags.js";

const paper = (random: RandomReport): string => page.render({ ...reportOf(), random }, campus);
const count = (text: string, part: string): number => text.split(part).length - 1;

/** What stands between a round's beginning and the next one's. */
const round = (html: string, number: number): string => html.split('<details class="round"')[number] ?? "";

describe("rounds of random faults in the paper", () => {
  const html = paper(randomReport);

  test("have a row each, which leads to the pictures", () => {
    for (const number of [1, 2]) {
      expect(html).toContain(`<a href="#round-${number}">${number}</a>`);
      expect(count(html, ` id="round-${number}"`)).toBe(1);
    }
    expect(count(html, 'class="timeline"')).toBe(2);
    expect(count(html, 'class="topology small"')).toBe(2);
  });

  test("are open where something was violated, and only there", () => {
    expect(html).toContain('id="round-1">');
    expect(html).toContain('id="round-2" open="">');
    expect(round(html, 2)).toContain("switches had two owners for 9000 ms");
  });

  test("show everything that was struck, with a cross and a lane each", () => {
    expect(count(round(html, 1), 'class="struck"')).toBe(1);
    expect(count(round(html, 2), 'class="struck"')).toBe(2);
    expect(count(round(html, 2), 'class="fault"')).toBe(2);
    expect(round(html, 2)).toContain(">link lb-a - controllers down</text>");
  });

  test("have lanes of owners, probes, sessions and agents as drills have, and no single limit", () => {
    for (const label of ["switches", "10.0.1.100", "10.0.1.100 port 6653", "client-switches", "lb-b"])
      expect(round(html, 2)).toContain(`font-weight="600">${label}</text>`);
    expect(round(html, 2)).toContain("lb-b is active: lb-a fell silent");
    expect(html).not.toContain('class="limit"');
  });

  test("have each element that was begun ended, in its order", () => {
    expect(unended(html)).toEqual([]);
  });

  test("are drawn until the last fault is mended, and not for all of the calm behind it", () => {
    const { until } = drawnRound({ timeline: violated.timeline, seen: passed.seen });
    expect(until).toBeGreaterThan(9_000);
    expect(until).toBeLessThan(10_500);
  });

  test("mark a network on which somebody else is at work", () => {
    const stranger = {
      ...{ text: "adverts of a stranger", machine: "client-switches", network: "switches" },
      ...{ from: 0, until: 900 },
    };
    const timeline = { ...passed.timeline, faults: [stranger] };
    expect(count(paper({ ...randomReport, rounds: [{ ...violated, timeline }] }), 'class="struck"')).toBe(1);
  });

  test("are light: even with much to tell forty of them would stay below 5 MB", () => {
    const silent = Array.from({ length: 3_000 }, (_, index) => ({
      ...{ from: index * 20, until: index * 20 + 12 },
    }));
    const timeline = {
      ...violated.timeline,
      until: 60_000,
      faults: violated.timeline.faults.map((fault) => ({ ...fault, until: 59_000 })),
      lanes: Array.from({ length: 8 }, (_, index) => [
        ...violated.timeline.lanes.map((lane) => ({ ...lane, silent })),
        { kind: "session" as const, name: `client-switches ${index + 2}`, silent },
      ]).flat(),
      events: Array.from({ length: 200 }, () => ({
        ...{ at: 900, node: "lb-b", kind: "fault" as const, text: "x".repeat(120) },
      })),
    };
    const rounds = Array.from({ length: 8 }, () => ({ ...violated, timeline }));
    expect(paper({ ...randomReport, rounds }).length).toBeLessThan(1_000_000);
  });
});
