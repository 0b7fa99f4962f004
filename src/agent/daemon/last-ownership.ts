import type { Event } from "../../api/event.js";
import type { AgentReport } from "../../fleet/node-report.js";
import type { EventLog } from "../events/log.js";

export interface Ownership {
  /** ISO 8601. */
  readonly at: string;
  readonly takeover: AgentReport["lastTakeover"];
}

/** How many events back the last takeover is looked for after a start. */
const look = 500;

/** What an event says of the ownership of virtual IPs: null for any other event, and after a loss a `takeover` of null. */
export function ownershipIn({ kind, at, details }: Pick<Event, "kind" | "at" | "details">): Ownership | null {
  const { to, cause, move, by, spans } = details;
  if (kind !== "role" || typeof to !== "string" || typeof cause !== "string") return null;
  if (to !== "master") return { at, takeover: null };
  const parts = Array.isArray(spans) ? spans.map(({ milliseconds }) => Number(milliseconds)) : [];
  const gap = parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0);
  const told = move === "switchover" && typeof by === "string" ? `switchover by ${by}` : cause;
  return { at, takeover: { at, cause: told, gap } };
}

/** Whether a node owned the virtual IPs when its log ended, and its last takeover before that. */
export interface LastOwnership {
  readonly owner: boolean;
  readonly takeover: AgentReport["lastTakeover"];
  /** When it last took over, or lost them (ISO 8601). */
  readonly changed: string | null;
}

/** What the log last said of it. */
export async function lastOwnership(log: EventLog): Promise<LastOwnership> {
  const events = await log.read({ after: Math.max(0, log.last - look), limit: look });
  const words = events.flatMap((event) => ownershipIn(event) ?? []);
  const { takeover = null } = words.findLast((word) => word.takeover !== null) ?? {};
  return { owner: (words.at(-1)?.takeover ?? null) !== null, takeover, changed: words.at(-1)?.at ?? null };
}
