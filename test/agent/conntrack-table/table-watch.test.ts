import { expect, test } from "vitest";
import { TableWatch } from "../../../src/agent/conntrack-table/table-watch.js";
import type { Happening } from "../../../src/agent/events/log.js";

function watchOf(counts: readonly (number | null)[]) {
  const told: Happening[] = [];
  const left = [...counts];
  const watch = new TableWatch(
    (event) => told.push(event),
    () => {
      const entries = left.shift() ?? null;
      return entries === null ? null : { entries, limit: 1_000 };
    },
  );
  const fills = counts.map(() => {
    watch.look();
    return watch.fill?.why !== undefined && watch.fill.why !== null;
  });
  return { told, fills, watch };
}

test("a table that fills up is told at four fifths, once, and that it has room below seven tenths", () => {
  const { told, fills } = watchOf([799, 800, 950, 799, 700, 699, 799, 800]);
  expect(fills).toEqual([false, true, true, true, true, false, false, true]);
  expect(told.map(({ kind, details }) => [kind, details])).toEqual([
    ["table", { full: true, entries: 800, limit: 1_000 }],
    ["table", { full: false, entries: 699, limit: 1_000 }],
    ["table", { full: true, entries: 800, limit: 1_000 }],
  ]);
});

test("the alarm says how full it is, what becomes of what finds no room, and the cure", () => {
  const { watch } = watchOf([834]);
  expect(watch.fill?.why).toBe(
    "the kernel's connection table is 83 % full (834 of 1000 entries), and what finds no room is dropped: see who opens so many ('conntrack -L'), or raise net.netfilter.nf_conntrack_max",
  );
});

test("a kernel that tracks nothing has no table to be full", () => {
  const { told, watch } = watchOf([null, 10, null]);
  expect(watch.fill).toBeNull();
  expect(told).toEqual([]);
});
