import { isIP } from "node:net";
import type { Cluster } from "../../topology/cluster.js";
import { detection } from "../../topology/timing.js";
import { allowance, secondOwnerYieldsWithin } from "../allowance.js";
import type { Told } from "../timeline.js";
import { aroundIn, costOf, type History, noiseIn, type Struck, type Violation, witsAway } from "./history.js";
import { advertised, shared } from "./situations.js";

/** Milliseconds: two owners that last longer are an alarm, which comes so long after. */
const alarmedAfter = 1_000;
const alarmWithin = 2_000;

/** Two owners never last longer than they need to hear of each other, and never without an alarm where they can. */
export function contested(cluster: Cluster, history: History): Violation[] {
  const { contests, events } = history.timeline;
  return contests.flatMap((contest) => {
    const { network, from, until } = contest;
    const lasted = until - from;
    const struck = aroundIn(history, contest);
    const wits = witsAway(struck);
    const apart = apartFor(cluster, struck);
    const most = detection(cluster) + owners(cluster, struck) + apart + wits + noiseIn(history, contest);
    const told = events.some(
      (event) =>
        tellsOf(event, network) && event.at >= from && event.at <= from + alarmedAfter + alarmWithin + wits,
    );
    const words = `${network} had two owners for ${Math.round(lasted)} ms`;
    return [
      ...(lasted > most ? [{ at: from, text: `${words}, at most ${Math.round(most)} ms are allowed` }] : []),
      ...(lasted > alarmedAfter + wits && apart === 0 && !told
        ? [{ at: from, text: `${words}, and no agent told` }]
        : []),
    ];
  });
}

/** What single faults allow; several that together leave no network to the adverts are as good as one that cuts them all. */
function owners(cluster: Cluster, struck: readonly Struck[]): number {
  const sum = struck.reduce((all, each) => all + costOf(each).twoOwners, 0);
  const cut = covers(struck, advertised(cluster), "adverts");
  return cut ? Math.max(sum, secondOwnerYieldsWithin) : sum;
}

/** How long nodes could not know of each other: not by adverts, and not by what agents say. */
function apartFor(cluster: Cluster, struck: readonly Struck[]): number {
  if (!covers(struck, shared(cluster.nodes), "beats")) return 0;
  const cutting = struck.filter(({ blow }) => blow.unheard.beats.length > 0);
  const first = Math.min(...cutting.map(({ from }) => from));
  const last = Math.max(...cutting.map(({ until }) => until));
  return last - first + cluster.failover.advertInterval + allowance.takeover;
}

const covers = (struck: readonly Struck[], networks: readonly string[], what: "adverts" | "beats"): boolean =>
  networks.every((network) => struck.some(({ blow }) => blow.unheard[what].includes(network)));

/** Whether it tells of two nodes; a stranger is known by his address alone. */
function tellsOf({ kind, text }: Told, network: string): boolean {
  const [, peer = "", networks = ""] = /^\S+ and (\S+) both act as owner of (.*)$/.exec(text) ?? [];
  return kind === "two-owners" && isIP(peer) === 0 && networks.split(" and ").includes(network);
}

/** Who asks the virtual IP is answered by it, and by nobody else. */
export const strangers = ({ timeline: { lanes } }: History): Violation[] =>
  lanes.flatMap(({ kind, name, silent }) =>
    kind === "stranger"
      ? silent.map(({ from }) => ({ at: from, text: `a client was answered by an address that is ${name}` }))
      : [],
  );
