import type { Happening } from "../events/log.js";
import type { SyncReport } from "../sync/sync-report.js";

/** What is worth telling when the sync stands otherwise: that it is lost, and that what was waited for has come. */
export function syncEvent(report: SyncReport, before: SyncReport): Happening | null {
  const { state, why, entries, silence } = report;
  const text = sentence(report, before);
  return text === null ? null : { kind: "sync", text, details: { state, why, entries, silence } };
}

/** A conntrackd that ended is started within a second: no loss that lasts, but somebody or something ended it. */
export const conntrackdRenewed: Happening = {
  kind: "sync",
  text: "conntrackd was started again: what is kept of sessions is sent anew",
  details: {},
};

function sentence({ state, why }: SyncReport, before: SyncReport): string | null {
  if (state === before.state) return null;
  if (state === "lost") return `the sessions are not in sync: ${why}`;
  if (state === "complete" && (before.state === "lost" || before.why !== null))
    return "this node holds the sessions of the active node";
  if (state === "active" && before.state === "lost") return "the sessions can be sent to the standbys again";
  return null;
}
