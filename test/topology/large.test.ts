import { expect, test } from "vitest";
import { loadTopology } from "../../src/topology/load.js";
import { largeTopology } from "./large.js";

test("500 services of 20 servers are one valid cluster", () => {
  const { cluster, problems } = loadTopology(largeTopology(500, 20));
  expect(problems).toEqual([]);
  expect(cluster?.services.flatMap(({ servers }) => servers)).toHaveLength(10_000);
});

test("a file in which everything is wrong is read in time that grows with its length only", {
  timeout: 60_000,
}, () => {
  const wrong = (keys: number) => Array.from({ length: keys }, (_, index) => `key-${index}: 1`).join("\n");
  const time = (text: string): number => {
    const before = performance.now();
    expect(loadTopology(text).cluster).toBeNull();
    return performance.now() - before;
  };
  time(wrong(2_000));
  // Sixteen times the keys would take 256 times as long if every key looked at every other.
  expect(time(wrong(32_000))).toBeLessThan(100 * time(wrong(2_000)));
});
