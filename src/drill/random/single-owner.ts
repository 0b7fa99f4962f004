import type { Cluster } from "../../topology/cluster.js";
import { detection } from "../../topology/timing.js";
import { witsBackWithin } from "./blows.js";
import { aroundIn, type History, noiseIn, type Violation } from "./history.js";

/** Milliseconds: two owners that last longer are an alarm, which comes so long after. */
const alarmedAfter = 1_000;
const alarmWithin = 2_000;

/** Two owners never last longer than they need to hear of each other, and never without an alarm. */
export function contested(cluster: Cluster, history: History): Violation[] {
  const { contests, events } = history.timeline;
  return contests.flatMap((contest) => {
    const { network, from, until } = contest;
    const lasted = until - from;
    const blows = aroundIn(history, contest).map(({ blow }) => blow);
    const wits = blows.some(({ strikes }) => strikes === "wits") ? witsBackWithin : 0;
    const most = detection(cluster) + wits + noiseIn(history, contest);
    const told = events.some(
      ({ kind, at }) => kind === "two-owners" && at >= from && at <= from + alarmedAfter + alarmWithin + wits,
    );
    const words = `${network} had two owners for ${Math.round(lasted)} ms`;
    return [
      ...(lasted > most ? [{ at: from, text: `${words}, at most ${Math.round(most)} ms are allowed` }] : []),
      ...(lasted > alarmedAfter + wits && !told ? [{ at: from, text: `${words}, and no agent told` }] : []),
    ];
  });
}

/** Who asks the virtual IP is answered by it, and by nobody else. */
export const strangers = ({ timeline: { lanes } }: History): Violation[] =>
  lanes.flatMap(({ kind, name, silent }) =>
    kind === "stranger"
      ? silent.map(({ from }) => ({ at: from, text: `a client was answered by an address that is ${name}` }))
      : [],
  );
