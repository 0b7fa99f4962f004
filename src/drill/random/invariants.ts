import type { Cluster } from "../../topology/cluster.js";
import type { History, Violation } from "./history.js";
import { lostEvents } from "./kept-events.js";
import { lostSessions } from "./kept-sessions.js";
import { unserved } from "./served.js";
import { contested, strangers } from "./single-owner.js";

/** Whatever happens, this holds: what of it did not, by time. */
export const violations = (cluster: Cluster, history: History): Violation[] =>
  [
    ...unserved(cluster, history),
    ...contested(cluster, history),
    ...strangers(history),
    ...lostSessions(cluster, history),
    ...lostEvents(history),
    ...history.left.map((text) => ({ at: history.timeline.until, text })),
  ].sort((one, other) => one.at - other.at);
