import type { Cluster } from "../../topology/cluster.js";
import { allowance } from "../allowance.js";
import type { Interval } from "../timeline.js";
import type { Blow } from "./blow.js";
import { witsBackWithin } from "./blows.js";
import { aroundIn, type History, noiseIn, type Violation } from "./history.js";

/**
 * While one node is whole, every virtual IP answers but for what the faults of the others may cost; while a server is
 * whole, too, new sessions are greeted.
 */
export function unserved(cluster: Cluster, history: History): Violation[] {
  const nodes = cluster.nodes.map(({ name }) => name);
  const servers = cluster.services[0]?.servers.map(({ name }) => name) ?? [];
  return history.timeline.lanes.flatMap(({ kind, name, silent }) => {
    if (kind !== "address" && kind !== "service") return [];
    return silent.flatMap((gap) => {
      const blows = aroundIn(history, gap).map(({ blow }) => blow);
      const whole = (names: readonly string[]) => names.some((one) => blows.every(({ on }) => on !== one));
      if (!whole(nodes) || (kind === "service" && !whole(servers))) return [];
      const most = allowed(blows, kind) + noiseIn(history, gap);
      return lengthOf(gap) > most ? [complaint(name, gap, most, blows)] : [];
    });
  });
}

/** What several faults cost at most comes one after the other; an agent that is away finds nothing until it is back. */
function allowed(blows: readonly Blow[], kind: "address" | "service"): number {
  const each = blows.map((blow) => (kind === "address" ? blow.addressGap : blow.serviceGap));
  const wits = blows.some(({ strikes }) => strikes === "wits") ? witsBackWithin : 0;
  const greeting = kind === "service" ? allowance.greeting : 0;
  return each.reduce((sum, one) => sum + one, wits + greeting + 2 * allowance.noise);
}

const lengthOf = ({ from, until }: Interval): number => until - from;

const complaint = (name: string, gap: Interval, most: number, blows: readonly Blow[]): Violation => ({
  at: gap.from,
  text:
    `${name} was silent for ${Math.round(lengthOf(gap))} ms, at most ${Math.round(most)} ms are allowed ` +
    `(${blows.map(({ injection }) => injection.text).join("; ") || "no fault"})`,
});
