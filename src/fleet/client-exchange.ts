import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Door } from "./client-door.js";

export interface Message {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
}

export interface Patience {
  /** Milliseconds until the connection stands, its handshake included. */
  readonly connect: number;
  readonly signal: AbortSignal;
}

/** Nothing was sent to the agent: another door may be tried. */
export class NotConnected extends Error {}

/** A connection that was kept open was closed at the other end just then: whether the agent read anything is unknown. */
export class Stale extends Error {}

/**
 * Sends a message through one door; resolves with the head of its answer.
 * Rejects with NotConnected, Stale, or what went wrong.
 */
export function exchange(
  door: Door,
  { method, path, headers, body }: Message,
  patience: Patience,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = door.request({ method, path, headers, signal: patience.signal });
    let [connected, reused] = [false, false];
    let timer: NodeJS.Timeout | undefined;
    const stands = () => {
      connected = true;
      clearTimeout(timer);
      request.end(body);
    };
    // Emitted once the request has its turn; the body goes out once it is certain who receives it.
    request.once("socket", (socket) => {
      reused = standing.has(socket);
      if (reused) return stands();
      timer = setTimeout(
        () => request.destroy(new Error(`no connection within ${patience.connect} ms`)),
        patience.connect,
      );
      socket.once("encrypted" in socket ? "secureConnect" : "connect", () => {
        standing.add(socket);
        stands();
      });
    });
    request.once("error", (error) => {
      clearTimeout(timer);
      if (!connected) reject(new NotConnected("no connection", { cause: error }));
      else if (patience.signal.aborted) reject(error);
      else reject(reused ? new Stale("the connection was cut", { cause: error }) : error);
    });
    request.once("response", resolve);
  });
}

/** Connections that were made, whose agent is who it should be. */
const standing = new WeakSet<Socket>();
