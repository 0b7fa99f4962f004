import type { Event, RoleDetails } from "../../api/event.js";

/** The virtual IPs went from one node to another. */
export interface Move {
  readonly event: Event;
  readonly details: RoleDetails;
}

/** Every move that somebody told and explained, newest first. Pure. */
export const movesIn = (events: readonly Event[]): Move[] =>
  events
    .flatMap((event): Move[] => {
      const details = event.details as Partial<RoleDetails>;
      if (event.kind !== "role" || (details.move !== "failover" && details.move !== "switchover")) return [];
      return [{ event, details: { ...none, ...details } }];
    })
    .reverse();

const none: RoleDetails = {
  ...{ from: null, to: "", move: null, by: null, cause: "" },
  ...{ evidence: [], spans: [], networks: [] },
};
