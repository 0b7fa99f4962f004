import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import type { SecureContextOptions, TlsOptions } from "node:tls";
import type { Logger } from "pino";
import type { ConnectionLimit } from "./connection-limit.js";
import { httpTiming } from "./http-timing.js";

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** Milliseconds until an address that cannot be bound is tried again: it comes with its interface. */
const retryInterval = 1_000;

/** Mutual TLS on one TCP address. */
export class TlsListener {
  private readonly server: Server;
  private retry: NodeJS.Timeout | null = null;
  private complained = false;

  constructor(
    readonly address: TcpAddress,
    context: SecureContextOptions,
    listener: RequestListener,
    limit: ConnectionLimit,
    private readonly log: Logger,
  ) {
    this.server = createServer({ ...httpTiming, ...tlsOptions, ...context }, listener);
    this.server.on("connection", (socket) => {
      if (!limit.take(socket as Socket)) socket.destroy();
    });
    this.server.on("secureConnection", (socket) => {
      if (socket.authorized) limit.vouch(socket);
    });
    this.server.on("tlsClientError", (error, socket) => {
      log.debug({ reason: error.message, from: socket.remoteAddress }, "a handshake failed");
      socket.destroy();
    });
    this.server.on("listening", () => log.info({ ...address, port: this.port }, "API listens"));
    this.server.on("error", (error) => this.tryAgain(error));
    this.listen();
  }

  /** Null until the address could be bound. */
  get port(): number | null {
    const bound = this.server.address();
    return typeof bound === "object" && bound !== null ? bound.port : null;
  }

  /** For connections from now on. */
  renew(context: SecureContextOptions): void {
    this.server.setSecureContext(context);
  }

  /** Accepts nobody any more; who waits for an answer gets it. */
  retire(): void {
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = null;
    this.server.removeAllListeners("error").on("error", () => {});
    this.server.close();
  }

  close(): void {
    this.retire();
    this.server.closeAllConnections();
  }

  private listen(): void {
    this.retry = null;
    const { host, port } = this.address;
    this.server.listen({ host, port, exclusive: true });
  }

  private tryAgain(error: Error): void {
    if (!this.complained) this.log.warn({ ...this.address, reason: error.message }, "API cannot listen yet");
    this.complained = true;
    this.retry = setTimeout(() => this.listen(), retryInterval);
  }
}

const tlsOptions: TlsOptions = {
  requestCert: true,
  // Whoever has no good certificate is told why; holders.ts lets them no further than the open routes.
  rejectUnauthorized: false,
  handshakeTimeout: 3_000,
};
