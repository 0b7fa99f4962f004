import fc from "fast-check";
import { expect, test } from "vitest";
import { keepsOut, recommend } from "../../src/calibrate/recommendation.js";
import { tolerated } from "../../src/topology/timing.js";

test.each([
  [0, { interval: 20, profile: "fast" }],
  [20, { interval: 20, profile: "fast" }],
  [20.1, { interval: 50, profile: null }],
  [100, { interval: 100, profile: "balanced" }],
  [1_000, { interval: 1_000, profile: "conservative" }],
  [1_001, null],
])("a worst stall of %d ms at three adverts asks for %o", (worst, recommended) => {
  expect(recommend([{ node: "lb-a", worst }], 3).recommended).toEqual(recommended);
});

test("the worst node decides for all, and each is told apart", () => {
  const { recommended, nodes } = recommend(
    [
      { node: "lb-a", worst: 0 },
      { node: "lb-b", worst: 90 },
    ],
    3,
  );
  expect(recommended?.profile).toBe("balanced");
  expect(nodes.map(({ node, quickest }) => [node, quickest?.profile])).toEqual([
    ["lb-a", "fast"],
    ["lb-b", "balanced"],
  ]);
});

test("more adverts that may be missed allow a quicker interval", () => {
  expect(recommend([{ node: "lb-a", worst: 90 }], 10).recommended?.interval).toBe(20);
  expect(recommend([{ node: "lb-a", worst: 90 }], 2).recommended?.interval).toBe(200);
});

test("two adverts missed of 10 ms each tolerate 10 ms: the next one comes an interval later in any case", () => {
  expect(tolerated(10, 2)).toBe(10);
  expect(keepsOut(5, 10, 2)).toBe(true);
  expect(keepsOut(5.1, 10, 2)).toBe(false);
});

test("what is recommended would have kept out every stall, whatever they were", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 2_000, noNaN: true })),
      fc.integer({ min: 2, max: 10 }),
      (all, down) => {
        const stalls = all.map((worst, index) => ({ node: `n${index}`, worst }));
        const { recommended } = recommend(stalls, down);
        if (recommended === null) expect(Math.max(...all) * 2).toBeGreaterThan((down - 1) * 1_000);
        else for (const worst of all) expect(keepsOut(worst, recommended.interval, down)).toBe(true);
      },
    ),
  );
});
