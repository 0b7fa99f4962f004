import type { Cluster } from "../../topology/cluster.js";
import type { Lane } from "../timeline.js";
import type { History, Struck, Violation } from "./history.js";

/** Milliseconds: a session that is older than this when a load balancer is struck has its copy on the other. */
const copiedAfter = 1_000;

/** Milliseconds: what a fault does to a session is seen by then, for TCP repeats what was lost. */
const seenWithin = 10_000;

/** Where the kernel translates, a single fault whose drill promises so ends no session that had a second to be copied. */
export function lostSessions({ services: [first] }: Cluster, history: History): Violation[] {
  if (first?.mode !== "nat") return [];
  return history.timeline.lanes
    .filter(({ kind }) => kind === "session")
    .flatMap((lane) =>
      lane.silent.flatMap(({ from }) => {
        const cause = singleCause(history, from);
        if (cause === undefined || !wasCopied(lane, cause)) return [];
        return [
          {
            at: from,
            text: `the session ${lane.name} ended after a single fault: ${cause.blow.injection.text}`,
          },
        ];
      }),
    );
}

/** The only fault that there had been when it ended, if it may end none. */
function singleCause({ struck }: History, at: number): Struck | undefined {
  const before = struck.filter(({ from }) => from <= at);
  const [only] = before;
  const isSingle =
    before.length === 1 && only?.blow.endsSessions === false && at - (only?.from ?? 0) < seenWithin;
  return isSingle ? only : undefined;
}

const wasCopied = ({ silent }: Lane, { from }: Struck): boolean =>
  silent.every(({ until }) => until >= from || until <= from - copiedAfter);
