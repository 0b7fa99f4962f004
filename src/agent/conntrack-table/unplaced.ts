import type { Happening } from "../events/log.js";

/** Beginnings of connections that found no entry of their own: how many since the machine started. */
export interface Unplaced {
  readonly total: number;
  /** Looks at which none had come, in a row. */
  readonly quiet: number;
}

/** So many quiet looks until the next is news: what drops one now and then is not to fill the log. */
const newsAfter = 3;

/** @param before what was found at the last look; null at the first, which says nothing of when they came */
export const unplaced = (total: number, before: Unplaced | null): Unplaced => {
  if (before === null) return { total, quiet: newsAfter };
  return { total, quiet: total > before.total ? 0 : before.quiet + 1 };
};

/** What is worth telling: that some came, once for as long as they go on coming. */
export function unplacedEvent(now: Unplaced, before: Unplaced | null): Happening | null {
  if (before === null || now.quiet > 0 || before.quiet < newsAfter) return null;
  const dropped = now.total - before.total;
  const text = `the kernel dropped the beginnings of connections (${dropped} packets), since what answers them could not be told from what answers others: most likely every source port of a translated address is taken towards one destination; see 'conntrack -L --src-nat' for whose they are`;
  return { kind: "table", text, details: { dropped } };
}

/**
 * The sum over all processors of `insert_failed` in /proc/net/stat/nf_conntrack: names in the first line, and then a line of
 * hexadecimal numbers a processor. Null where the kernel does not say.
 */
export function insertFailed(statistics: string): number | null {
  const [names = [], ...processors] = statistics
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const column = names.indexOf("insert_failed");
  if (column < 0) return null;
  return processors.reduce((sum, line) => sum + Number.parseInt(line[column] ?? "0", 16), 0);
}
