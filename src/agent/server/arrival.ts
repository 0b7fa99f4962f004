import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { ApiError } from "../../api/api-error.js";
import { browserRefusal } from "./browser-guard.js";
import type { Caller } from "./caller.js";
import { type ConnectionLimit, plainAddress } from "./connection-limit.js";
import type { Holders } from "./holders.js";
import { tokenIn } from "./session-cookie.js";
import type { Sessions } from "./sessions.js";

/** What its listener knows of a request. */
export interface Arrival {
  /** Who sent it; asked again while a stream lasts. */
  readonly caller: () => Caller;
  /** Where it comes from; null of the node's own socket. */
  readonly address: string | null;
  /** Why a browser is not served; null for whoever is. */
  readonly guard: () => ApiError | null;
}

export interface NetworkParts {
  readonly holders: Holders;
  readonly sessions: Sessions;
  readonly limit: ConnectionLimit;
  readonly ownNames: () => ReadonlySet<string>;
}

/** By TLS: a session's cookie counts before a certificate, since a person may have given up the right to change with it. */
export const overNetwork = (
  request: IncomingMessage,
  socket: TLSSocket,
  { holders, sessions, limit, ownNames }: NetworkParts,
): Arrival => ({
  address: plainAddress(socket.remoteAddress),
  caller: () => {
    const token = tokenIn(request.headers.cookie);
    const session = token === null ? null : sessions.of(token, performance.now());
    if (session === null) return holders.callerOn(socket);
    limit.vouch(socket);
    return { kind: "session", ...session };
  },
  guard: () => {
    const { method = "", url = "", headers } = request;
    const { localAddress } = socket;
    const isOwn = (host: string) =>
      ownNames().has(host) || (localAddress !== undefined && host === plainAddress(localAddress));
    const refused = browserRefusal({ method, url, headers }, isOwn);
    return refused === null ? null : new ApiError(refused.status, refused.why);
  },
});

/** By the node's own socket, which no browser opens. */
export const byRoot: Arrival = { caller: () => ({ kind: "root" }), address: null, guard: () => null };

const nobody: Caller = {
  kind: "nobody",
  address: "unknown",
  why: "the connection is of no kind that is known",
};

/** By none of the two. */
export const unknown: Arrival = { caller: () => nobody, address: nobody.address, guard: () => null };
