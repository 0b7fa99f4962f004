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
  const nodes = cluster.nodes.map(({ name }) => name);
  const servers = firstServers(cluster);
  return history.timeline.lanes.flatMap(({ kind, name, silent }) => {
    if (kind !== "address" && kind !== "service") return [];
    return silent.flatMap((gap) => {
      const struck = aroundIn(history, gap);
      const whole = (names: readonly string[]) =>
        names.some((one) => struck.every(({ blow }) => !blow.on.includes(one)));
      if (!whole(nodes) || (kind === "service" && !whole(servers))) return [];
      const most = allowed(struck, kind) + noiseIn(history, kind === "service" ? history.timeline : gap);
      return lengthOf(gap) > most ? [complaint(name, gap, most, struck)] : [];
    });
  });
}

/** What several faults cost at most comes one after the other; an agent that is away finds nothing until it is back. */
function allowed(struck: readonly Struck[], kind: "address" | "service"): number {
  const greeting = kind === "service" ? allowance.greeting : 0;
  return struck.reduce(
    (sum, each) => sum + costOf(each)[kind],
    witsAway(struck) + greeting + 2 * allowance.noise,
  );
}

const lengthOf = ({ from, until }: Interval): number => until - from;

const complaint = (name: string, gap: Interval, most: number, struck: readonly Struck[]): Violation => ({
  at: gap.from,
  text:
    `${name} was silent for ${Math.round(lengthOf(gap))} ms, at most ${Math.round(most)} ms are allowed ` +
    `(${struck.map(({ blow }) => blow.injection.text).join("; ") || "no fault"})`,
});
