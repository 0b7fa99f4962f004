import type { Cluster } from "../../topology/cluster.js";
import { allowance } from "../allowance.js";
import type { Interval } from "../timeline.js";
import { aroundIn, costOf, type History, noiseIn, type Struck, type Violation, witsAway } from "./history.js";
import { firstServers } from "./servers-on.js";

/**
 * While one node is whole, every virtual IP answers but for what the faults of the others may cost; while a server is
 * whole, too, new sessions are greeted. A session passes through several programs like any other, of which each may stand
 * still at a moment when the machine's own probe does not: it is given the longest of the round, as a drill's is of the drill.
 */
export function unserved(cluster: Cluster, history: History): Violation[] {
  return history.timeline.lanes.flatMap(({ kind, name, silent }) => {
    if (kind !== "address" && kind !== "service") return [];
    return silent.flatMap((gap) => {
      const struck = aroundIn(history, gap);
      if (!hasWhole(nodesOf(cluster), struck)) return [];
      if (kind === "service" && !hasWhole(firstServers(cluster), struck)) return [];
      const most = allowed(struck, kind) + noiseIn(history, kind === "service" ? history.timeline : gap);
      return lengthOf(gap) > most ? [complaint(name, gap, most, struck)] : [];
    });
  });
}

/** For how many milliseconds of a round virtual IPs had to answer, and for how many nobody was whole who could. */
export function judgedOf(cluster: Cluster, history: History): { judged: number; unjudged: number } {
  const { timeline, struck } = history;
  const within = (at: number): number => Math.min(Math.max(at, timeline.from), timeline.until);
  const moments = struck.flatMap(({ from, until, blow }) => [from, until + blow.recovery]).map(within);
  const bounds = [...moments, timeline.from, timeline.until].sort((one, other) => one - other);
  const spans = bounds.slice(1).map((until, index) => ({ from: bounds[index] ?? until, until }));
  const unjudged = spans
    .filter(({ from, until }) => {
      const middle = (from + until) / 2;
      return !hasWhole(nodesOf(cluster), aroundIn(history, { from: middle, until: middle }));
    })
    .reduce((sum, span) => sum + lengthOf(span), 0);
  return { judged: lengthOf(timeline) - unjudged, unjudged };
}

const nodesOf = ({ nodes }: Cluster): string[] => nodes.map(({ name }) => name);

/** Whether one of these had nothing done to it that keeps it from serving. */
const hasWhole = (names: readonly string[], struck: readonly Struck[]): boolean =>
  names.some((one) => struck.every(({ blow }) => blow.spares || !blow.on.includes(one)));

/**
 * What several faults cost at most comes one after the other; an agent that is away finds nothing until it is back, which
 * costs something where there is something that agents have to find.
 */
function allowed(struck: readonly Struck[], kind: "address" | "service"): number {
  const greeting = kind === "service" ? allowance.greeting : 0;
  const found = struck.some(({ blow }) => !blow.spares && !blow.unaided);
  return struck.reduce(
    (sum, each) => sum + costOf(each)[kind],
    (found ? witsAway(struck) : 0) + greeting + 2 * allowance.noise,
  );
}

const lengthOf = ({ from, until }: Interval): number => until - from;

const complaint = (name: string, gap: Interval, most: number, struck: readonly Struck[]): Violation => ({
  at: gap.from,
  text:
    `${name} was silent for ${Math.round(lengthOf(gap))} ms, at most ${Math.round(most)} ms are allowed ` +
    `(${struck.map(({ blow }) => blow.injection.text).join("; ") || "no fault"})`,
});
