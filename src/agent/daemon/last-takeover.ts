import type { Event } from "../../api/event.js";
import type { AgentReport } from "../../fleet/node-report.js";
import type { EventLog } from "../events/log.js";

/** How many events back the last takeover is looked for after a start. */
const look = 500;

/** What an event says of a takeover by this node; null for any other event. */
export function takeoverIn({
  kind,
  at,
  details,
}: Pick<Event, "kind" | "at" | "details">): AgentReport["lastTakeover"] {
  const { from, to, cause, spans } = details;
  // The first role after a start is no takeover from anybody.
  if (kind !== "role" || to !== "master" || typeof from !== "string" || typeof cause !== "string")
    return null;
  const parts = Array.isArray(spans) ? spans.map(({ milliseconds }) => Number(milliseconds)) : [];
  const gap = parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0);
  return { at, cause, gap };
}

/** The newest takeover in the log. */
export async function lastTakeover(log: EventLog): Promise<AgentReport["lastTakeover"]> {
  const events = await log.read({ after: Math.max(0, log.last - look), limit: look });
  return events.map(takeoverIn).findLast((takeover) => takeover !== null) ?? null;
}
