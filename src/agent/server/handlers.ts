import type { Answer, Body, CallRoute, EventsRoute, Params, Query, Sent } from "../../api/call.js";
import type { RouteName } from "../../api/routes.js";
import type { Caller } from "./caller.js";

/** A request that was admitted: its asker may use the route, and every part has the shape that the table says. */
export interface Asked<N extends RouteName> {
  readonly params: Params<N>;
  readonly query: Query<N>;
  readonly body: Body<N>;
  readonly caller: Caller;
  /** Aborted when the asker is gone; a change goes on all the same. */
  readonly signal: AbortSignal;
}

export interface AskedForEvents<N extends RouteName> extends Asked<N> {
  /** The id behind which the reader goes on (Last-Event-ID, or `?after=`); null where it named none. */
  readonly after: number | null;
}

/** What the server answers by itself. */
export type OwnRoute = "openapi" | "signInCode" | "signIn" | "session" | "signOut";

/**
 * What an agent does for each route of the table, except those that are the server's own. A handler throws an
 * ApiError to refuse. A stream is read only as fast as its reader takes it, and has to end when `signal` aborts.
 */
export type Handlers = {
  readonly [N in Exclude<CallRoute, OwnRoute>]: (asked: Asked<N>) => Answer<N> | Promise<Answer<N>>;
} & {
  readonly [N in EventsRoute]: (
    asked: AskedForEvents<N>,
  ) => AsyncIterable<Sent<Answer<N>>> | Promise<AsyncIterable<Sent<Answer<N>>>>;
};
