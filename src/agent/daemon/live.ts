import { livePicture } from "../../fleet/live-picture.js";
import { messageOf } from "../../fleet/refusal.js";
import type { Cluster } from "../../topology/cluster.js";
import type { EventLog } from "../events/log.js";
import { LiveView } from "../live/live-view.js";
import { newestEvents, type Other, OtherEvents } from "../live/other-events.js";
import { ownersNow } from "../live/owners-now.js";
import type { Handlers } from "../server/handlers.js";
import { agentTiming } from "../timing.js";
import type { Running } from "./running.js";
import type { Views } from "./views.js";

export interface LiveDeskParts {
  readonly node: string;
  readonly running: () => Running | null;
  /** What runs here; null before the first topology. */
  readonly cluster: () => Cluster | null;
  readonly others: () => readonly Other[];
  readonly views: Views;
  readonly events: EventLog;
  readonly failed: (why: string) => void;
}

/** What pages are shown: by one look for all of them. */
export function liveHandlers(parts: LiveDeskParts) {
  const { node, running, cluster, others, views, events } = parts;
  const followed = new OtherEvents();
  const view = new LiveView({
    owners() {
      const current = running();
      if (current === null) return null;
      const { agent, lookout } = current;
      const { freshness } = agentTiming(lookout.cluster);
      const fresh = agent.heardBeats().filter(({ age }) => age <= freshness);
      return ownersNow({ node, roles: agent.report().roles, beats: fresh.map(({ beat }) => beat) });
    },
    picture: async () =>
      cluster() === null ? null : livePicture(await views.status(), new Date().toISOString()),
    ownEvents: (signal) => events.follow(events.last, signal),
    otherEvents: () => followed.next(others()),
    failed: (error) => parts.failed(messageOf(error)),
  });
  return {
    live: ({ signal }) => view.follow(signal),
    cluster: () => ({ node, cluster: { ...cluster() } }),
    clusterEvents: async ({ query: { limit } }) => {
      const own = events.read({ after: Math.max(0, events.last - limit), limit });
      const theirs = await newestEvents(others(), limit);
      const all = [...(await own), ...theirs.events].sort((one, other) => (one.at < other.at ? -1 : 1));
      return { events: all.slice(-limit), silent: [...theirs.silent] };
    },
  } satisfies Partial<Handlers>;
}
