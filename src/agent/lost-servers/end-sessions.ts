import { randomInt } from "node:crypto";
import { setImmediate as breathe } from "node:timers/promises";
import type { Host } from "../../host/host.js";
import type { Cluster } from "../../topology/cluster.js";
import { bareAck, type Flow } from "../release/segment.js";
import { sendPackets } from "../release/send-packets.js";
import { carriedSession, deletions, type FormerServer, ways } from "./sessions.js";

/** Sessions of one round whose ends are told: more would keep the wire busy for seconds. */
const mostTold = 20_000;

/** Entries that are read, or packets that are made, before other work has its turn: 5 ms or so. */
const chunk = 500;

/** Sequence numbers are below this (RFC 9293, 3.4). */
const sequences = 2 ** 32;

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

/**
 * Asks each end for its true numbers: its answer belongs to no session any more, and the rules answer that with a reset
 * (render/filter-chains.ts).
 */
export async function tell(host: Pick<Host, "run">, flows: readonly Flow[]): Promise<void> {
  const packets: Buffer[] = [];
  for (const flow of flows) {
    packets.push(bareAck(flow, randomInt(sequences)));
    if (packets.length % chunk === 0) await breathe();
  }
  await sendPackets(host, packets);
}
