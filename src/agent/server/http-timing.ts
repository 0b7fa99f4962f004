import type { ServerOptions } from "node:http";

/** A request has to arrive at a pace that no honest reader of a terminal needs; milliseconds. */
export const httpTiming = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
  /** Peers and dashboards ask every few seconds: a handshake each time would cost more than the idle connection. */
  keepAliveTimeout: 60_000,
  maxHeaderSize: 8 * 1024,
} as const satisfies ServerOptions;
