import type { Happening } from "../events/log.js";

/** The kernel's connection table, as counted: entries of whatever kind, and how many it takes at most. */
export interface TableCount {
  readonly entries: number;
  readonly limit: number;
}

export interface TableFill extends TableCount {
  /** One clause: that the table is nearly full, and the cure; null while there is room. */
  readonly why: string | null;
}

/** Shares of the limit: raised from the first on, gone below the second, so that it does not come and go. */
const [raisedFrom, clearedBelow] = [0.8, 0.7];

/**
 * An entry that finds no room is not made, and its packet is dropped: an outage for everybody who is new. The alarm comes
 * while there is time.
 *
 * @param before what was found at the last look; null at the first
 */
export function tableFill({ entries, limit }: TableCount, before: TableFill | null): TableFill {
  const share = limit === 0 ? 0 : entries / limit;
  const isFull = share >= ((before?.why ?? null) === null ? raisedFrom : clearedBelow);
  return { entries, limit, why: isFull ? fullWords(entries, limit) : null };
}

const fullWords = (entries: number, limit: number): string =>
  `the kernel's connection table is ${Math.floor((entries / limit) * 100)} % full (${entries} of ${limit} entries), and what finds no room is dropped: see who opens so many ('conntrack -L'), or raise net.netfilter.nf_conntrack_max`;

/** What is worth telling: that it filled up, and that there is room again. */
export function tableEvent(fill: TableFill, before: TableFill | null): Happening | null {
  const [is, was] = [fill.why !== null, (before?.why ?? null) !== null];
  if (is === was) return null;
  const { entries, limit } = fill;
  const text = fill.why ?? `the kernel's connection table has room again (${entries} of ${limit} entries)`;
  return { kind: "table", text, details: { full: is, entries, limit } };
}
