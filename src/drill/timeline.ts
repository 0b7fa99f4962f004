import type { EventKind } from "../api/event.js";
import type { OwnerSpan } from "./measurement.js";
import type { SessionLine } from "./probe/session-line.js";
import type { Series } from "./series.js";

/** Milliseconds after the fault; what lies before it is negative. */
export interface Interval {
  readonly from: number;
  readonly until: number;
}

/** A fault, from when it was injected until it was undone. */
export interface FaultSpan extends Interval {
  readonly text: string;
  /** Whom it strikes; null where it is not one machine. */
  readonly machine: string | null;
  readonly network: string | null;
}

/** What one probe missed. */
export interface Lane {
  /**
   * `pause`: the machine that carries the lab stood still. `stranger`: a server answered by its own address; when is in
   * `silent`.
   */
  readonly kind: "address" | "service" | "session" | "stranger" | "pause";
  readonly name: string;
  readonly silent: readonly Interval[];
}

/** What an agent said of it, by its own clock. */
export interface Told {
  readonly at: number;
  readonly node: string;
  readonly kind: EventKind;
  readonly text: string;
}

/** All that was seen beside each other while a drill ran, from calm to calm. */
export interface Timeline extends Interval {
  readonly faults: readonly FaultSpan[];
  readonly owners: readonly OwnerSpan[];
  /** When two nodes acted as owner of one network. */
  readonly contests: readonly (Interval & { readonly network: string })[];
  readonly lanes: readonly Lane[];
  readonly events: readonly Told[];
}

/** Wall-clock milliseconds between which something is looked at. */
type Window = Interval;

/** Where a probe that succeeds every `interval` did not for `least` longer than that. */
export function silences(
  series: Series,
  interval: number,
  least: number,
  { from, until }: Window,
): Interval[] {
  const inside = [from, ...series.filter((at) => at > from && at < until), until];
  return inside.flatMap((at, index) => {
    const previous = inside[index - 1] ?? at;
    return at - previous > interval + least ? [{ from: previous, until: at }] : [];
  });
}

/** When each session of one probe was of no use. */
export function apart(lines: readonly SessionLine[], { from, until }: Window): Map<number, Interval[]> {
  const found = new Map<number, Interval[]>();
  const since = new Map<number, number>();
  for (const line of lines) {
    const { session, at } = line;
    const own = found.get(session) ?? [];
    found.set(session, own);
    if (line.event === "down") since.set(session, at);
    if (line.event !== "up") continue;
    const down = since.get(session);
    since.delete(session);
    if (down !== undefined) own.push({ from: down, until: at });
  }
  for (const [session, down] of since) found.get(session)?.push({ from: down, until });
  return new Map(
    [...found].map(([session, own]) => [
      session,
      own
        .filter((each) => each.until > from && each.from < until)
        .map((each) => ({ from: Math.max(each.from, from), until: Math.min(each.until, until) })),
    ]),
  );
}

/** Told from the fault on instead of from the epoch. */
export const after = (fault: number, { from, until }: Interval): Interval => ({
  from: Math.round(from - fault),
  until: Math.round(until - fault),
});
