import { expect, test } from "vitest";
import { TableWatch } from "../../../src/agent/conntrack-table/table-watch.js";
import { insertFailed } from "../../../src/agent/conntrack-table/unplaced.js";
import type { Happening } from "../../../src/agent/events/log.js";

/** What is told as the kernel has counted so many at each look. */
function toldOf(totals: readonly (number | null)[]): Happening[] {
  const told: Happening[] = [];
  const left = [...totals];
  const watch = new TableWatch(
    (event) => told.push(event),
    () => null,
    () => left.shift() ?? null,
  );
  for (const _ of totals) watch.look();
  return told;
}

test("beginnings that the kernel drops for want of a port are told once for as long as they go on coming", () => {
  const told = toldOf([7, 7, 10, 12, 13, 13, 15, 15, 15, 15, 17]);
  expect(told.map(({ kind, details }) => [kind, details])).toEqual([
    ["table", { dropped: 3 }],
    ["table", { dropped: 2 }],
  ]);
  expect(told[0]?.text).toMatch(
    /^the kernel dropped the beginnings of connections \(3 packets\), .*--src-nat/,
  );
});

test("what came before the agent started, or while the kernel did not say, is not told", () => {
  expect(toldOf([5, 5])).toEqual([]);
  expect(toldOf([5, null, 9, 9])).toEqual([]);
});

test("the kernel's count is the sum over its processors, by the column's name", () => {
  const statistics = `entries  clashres found insert_failed drop
0000fc00  00000000 00000204 00000004 00000004
0000fc00  00000000 00000408 0000000a 00000008
`;
  expect(insertFailed(statistics)).toBe(14);
  expect(insertFailed("entries found\n00000001 00000002\n")).toBeNull();
  expect(insertFailed("")).toBeNull();
});
