import { describe, expect, test } from "vitest";
import { drawnSpan } from "../../../src/drill/html/drawn-span.js";
import { scaleOf, ticks } from "../../../src/drill/html/scale.js";
import { timelinePicture } from "../../../src/drill/html/timeline-picture.js";
import type { DrillResult } from "../../../src/drill/report.js";
import type { Lane } from "../../../src/drill/timeline.js";
import { campus } from "../campus.js";
import { passed } from "../specimen.js";

const withLanes = (...lanes: readonly Lane[]): DrillResult => ({
  ...passed,
  timeline: { ...passed.timeline, lanes },
});
const address = (from: number, until: number): Lane => ({
  ...{ kind: "address", name: "10.0.1.100" },
  silent: [{ from, until }],
});

describe("what is drawn of a timeline", () => {
  test("begins a moment before the fault and ends soon after all is served", () => {
    expect(drawnSpan(passed)).toEqual({ from: -300, until: 500 });
    expect(drawnSpan(withLanes(address(10, 1_000)))).toEqual({ from: -300, until: 1_400 });
  });

  test("is all of it where an address never came back", () => {
    expect(drawnSpan(withLanes(address(10, 9_400))).until).toBe(9_400);
  });

  test("is not drawn out by what happens once the fault was mended, nor by what happens without a fault", () => {
    expect(drawnSpan(withLanes(address(5_000, 5_100))).until).toBe(500);
    const usual = {
      ...address(1_000, 1_090),
      silent: [
        { from: -200, until: -100 },
        { from: 1_000, until: 1_090 },
      ],
    };
    expect(drawnSpan(withLanes(usual)).until).toBe(500);
  });
});

describe("a timeline's picture", () => {
  const { events } = passed.timeline;
  const drawn = (result: DrillResult = passed): string =>
    timelinePicture(
      campus,
      result,
      events.map((each) => ({ ...each, number: 1 })),
    ).toHTML();

  test("has a lane for each network's owner, each probe, each holder of sessions, and each agent", () => {
    const svg = drawn();
    for (const label of [
      "fault",
      "switches",
      "10.0.1.100",
      "10.0.1.100 port 6653",
      "client-switches",
      "lb-b",
    ])
      expect(svg).toContain(`font-weight="600">${label}</text>`);
    expect(svg.match(/class="owner"/g)).toHaveLength(2);
    expect(svg.match(/class="event"/g)).toHaveLength(1);
  });

  test("calls a planned move by its name, and nothing else", () => {
    const doing = (text: string) => {
      const faults = [{ text, machine: null, network: null, from: 0, until: 900 }];
      return drawn({ ...passed, timeline: { ...passed.timeline, faults } });
    };
    expect(doing("lb-a -> lb-b")).toContain(">planned move</text>");
    expect(doing("adverts pass nowhere")).not.toContain(">planned move</text>");
  });

  test("draws the end of what is allowed where it can be seen, and else says that it lies beyond", () => {
    expect(drawn().match(/class="limit"/g)).toHaveLength(3);
    const generous = { ...passed, expected: { ...passed.expected, addressOutageAtMost: 5_000 } };
    expect(drawn(generous).match(/class="limit"/g)).toHaveLength(2);
    expect(drawn(generous)).toContain("allowed 5000 ms \u25b8");
  });

  test("frames the time in which two nodes acted as owner, and shows where a server answered by itself", () => {
    const { timeline } = passed;
    const contests = [{ network: "switches", from: 20, until: 60 }];
    const stranger: Lane = { kind: "stranger", name: "10.0.2.11", silent: [{ from: 40, until: 41 }] };
    const lanes = [...timeline.lanes, stranger];
    const svg = drawn({ ...passed, timeline: { ...timeline, contests, lanes } });
    expect(svg.match(/class="contest"/g)).toHaveLength(1);
    expect(svg).toContain('class="stranger"');
    expect(drawn()).not.toMatch(/contest|stranger/);
  });

  test("says how long a silence was as it was measured", () => {
    expect(drawn()).toContain(">57 ms</text>");
  });

  test("keeps marks of events apart that fall on the same moment", () => {
    const same = Array.from({ length: 5 }, (_, index) => ({
      ...{ at: 58, node: "lb-b", kind: "role" as const, text: "x", number: index + 1 },
    }));
    const svg = timelinePicture(campus, passed, same).toHTML();
    const places = [...svg.matchAll(/class="event" cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(places).toHaveLength(5);
    for (const [index, x] of places.slice(1).entries()) expect(x - (places[index] ?? 0)).toBeGreaterThan(15);
  });

  test("has no lane of what nobody looked at", () => {
    const bare = withLanes();
    const svg = timelinePicture(
      campus,
      { ...bare, timeline: { ...bare.timeline, owners: [], events: [] } },
      [],
    );
    expect(svg.toHTML()).not.toContain("NaN");
  });
});

test("a moment outside of the span is drawn at its edge", () => {
  const { x } = scaleOf({ from: -100, until: 100 }, 0, 200);
  expect([-500, -100, 0, 50, 900].map(x)).toEqual([0, 0, 100, 150, 200]);
});

test("ticks are round numbers, and one of them is the fault", () => {
  expect(ticks({ from: -300, until: 500 }, 9)).toEqual([-300, -200, -100, 0, 100, 200, 300, 400, 500]);
  expect(ticks({ from: -300, until: 650 }, 9)).toEqual([-200, 0, 200, 400, 600]);
});
