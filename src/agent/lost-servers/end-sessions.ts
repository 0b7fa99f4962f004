import { setImmediate as breathe } from "node:timers/promises";
import type { Host } from "../../host/host.js";
import type { Cluster } from "../../topology/cluster.js";
import { carriedSession, ways } from "../release/carried-session.js";
import type { Flow } from "../release/segment.js";
import { deletions, type FormerServer } from "./deletions.js";

/** Sessions of one round whose ends are told: more would keep the wire busy for seconds. */
const mostTold = 20_000;

/** Entries that are read before other work has its turn: 5 ms or so. */
const chunk = 500;

export interface RemovedSessions {
  /** All that was found, sessions that were being opened or were over included. */
  readonly entries: number;
  /** Those that somebody held. */
  readonly sessions: number;
  /** The ways to the ends that are to be told. */
  readonly flows: readonly Flow[];
}

/** Takes whatever was translated to the server out of the kernel's table. Throws in conntrack's words. */
export async function removeSessions(
  host: Pick<Host, "run">,
  cluster: Cluster,
  former: FormerServer,
): Promise<RemovedSessions> {
  let [entries, sessions] = [0, 0];
  const flows: Flow[] = [];
  for (const argv of deletions(cluster, former)) {
    const { stdout, stderr } = await host.run(argv);
    // It exits 1 when there was none to delete, and says so.
    if (!stderr.includes("flow entries have been deleted")) throw new Error(`conntrack -D: ${stderr.trim()}`);
    for (const [index, line] of stdout.split("\n").entries()) {
      if (index % chunk === chunk - 1) await breathe();
      const session = carriedSession(line);
      if (session === null) continue;
      const ends = ways(session);
      entries++;
      if (ends.length > 0) sessions++;
      if (flows.length < 2 * mostTold) flows.push(...ends);
    }
  }
  return { entries, sessions, flows };
}
