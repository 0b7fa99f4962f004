import type { IncomingMessage, RequestListener, Server } from "node:http";
import { TLSSocket } from "node:tls";
import type { Logger } from "pino";
import { place } from "../../fleet/client-endpoint.js";
import type { TlsMaterial } from "../tls-identity.js";
import { apiApp } from "./app.js";
import { type Arrival, byRoot, overNetwork, unknown } from "./arrival.js";
import { type ConnectionBounds, ConnectionLimit } from "./connection-limit.js";
import { type StreamTiming, streamTiming } from "./event-stream.js";
import type { Handlers } from "./handlers.js";
import { Holders } from "./holders.js";
import type { PageFile } from "./page-files.js";
import { securityHeaders } from "./security-headers.js";
import { sessionHandlers } from "./session-handlers.js";
import { Sessions } from "./sessions.js";
import { type TcpAddress, TlsListener } from "./tls-listener.js";
import { listenOnUnix } from "./unix-listener.js";

/** A node's own certificate and what it trusts (agent/tls-identity.ts). */
export interface ServerIdentity {
  /** Null while there is none: nobody is served over TCP then. */
  readonly current: Pick<TlsMaterial, "identity" | "secureContext" | "authority" | "crl"> | null;
}

export interface Api {
  readonly handlers: Handlers;
  /** The Unix socket's path. */
  readonly unix: string;
  readonly identity: ServerIdentity;
  /** Where to listen by mutual TLS; null: nowhere. */
  readonly tcp: TcpAddress | null;
  /** Peers' addresses, which no bound on connections turns away. */
  readonly isPeer: (address: string) => boolean;
  /** The names and addresses under which browsers may reach this node, besides the address that they came to. */
  readonly ownNames: () => ReadonlySet<string>;
  /** The page's files; none where it was not built. */
  readonly page: readonly PageFile[];
  readonly programVersion: string;
  readonly log: Logger;
  /** The pace of streams where it is not to be the usual one. */
  readonly streams?: StreamTiming;
}

export interface RunningApi {
  /** The TCP port; null while there is none, or it cannot be bound yet. */
  readonly port: number | null;
  /** Listens there from now on; who waits for an answer still gets it. */
  moveTo(tcp: TcpAddress | null): void;
  /** To be called when `identity` has changed. */
  renew(): void;
  close(): Promise<void>;
}

/**
 * Far more than operators, pages and scrapers need, and little enough for what each one may hold in memory. A browser
 * opens six (twenty of them on one machine, or behind one address, 120); strangers need not more than before they sign in.
 */
const bounds: ConnectionBounds = { inAll: 256, perAddress: 128, strangers: 32 };

/**
 * Serves the whole route table on the Unix socket and by mutual TLS. Rejects where the socket cannot
 * be made; a TCP address that cannot be bound is tried again every second.
 */
export async function serveApi(api: Api): Promise<RunningApi> {
  const { identity, log } = api;
  const judges = () => ({
    cluster: identity.current?.identity.cluster ?? "",
    ca: identity.current?.authority ?? "",
    crl: identity.current?.crl ?? "",
  });
  const holders = new Holders(judges);
  const sessions = new Sessions(judges);
  const arrivals = new WeakMap<IncomingMessage, Arrival>();
  const app = apiApp({
    handlers: api.handlers,
    sessions: sessionHandlers({
      ...{ sessions, identity },
      place: () => placeOf(tls, identity.current?.identity.name),
      certificateOf: ({ socket }) => (socket instanceof TLSSocket ? holders.certificateOn(socket) : null),
      signedIn: ({ name, role }, from) => log.info({ name, role, from }, "a browser was signed in"),
    }),
    page: api.page,
    arrivalOf: (request) => arrivals.get(request) ?? unknown,
    programVersion: api.programVersion,
    streams: api.streams ?? streamTiming,
    log,
  });
  await app.ready();

  const unix: Server = await listenOnUnix(api.unix, (request, response) => {
    arrivals.set(request, byRoot);
    app.routing(request, response);
  });
  const limit = new ConnectionLimit(bounds, api.isPeer);
  const network = { holders, sessions, limit, ownNames: api.ownNames };
  const overTls: RequestListener = (request, response) => {
    const { socket } = request;
    if (socket instanceof TLSSocket) arrivals.set(request, overNetwork(request, socket, network));
    for (const [name, value] of securityHeaders) response.setHeader(name, value);
    app.routing(request, response);
  };

  let address = api.tcp;
  let tls: TlsListener | null = null;
  const retired: TlsListener[] = [];
  const listen = () => {
    const context = identity.current?.secureContext;
    if (address === null || context === undefined) return;
    if (tls === null) tls = new TlsListener(address, context, overTls, limit, log);
    else tls.renew(context);
  };
  listen();

  return {
    get port() {
      return tls?.port ?? null;
    },
    moveTo(tcp) {
      if (tcp?.host === address?.host && tcp?.port === address?.port) return;
      if (tls !== null) {
        tls.retire();
        retired.push(tls);
        tls = null;
      }
      address = tcp;
      listen();
    },
    renew: listen,
    async close() {
      for (const listener of [...retired, ...(tls ? [tls] : [])]) listener.close();
      unix.close();
      unix.closeAllConnections();
      await app.close();
    },
  };
}

/** A listener of before the first topology listens on all addresses, of which the name is as good as any. */
function placeOf(tls: TlsListener | null, node: string | undefined): string | null {
  if (tls?.port == null || node === undefined) return null;
  const { address, port } = tls;
  return place({ host: address.host === "::" ? node : address.host, port });
}
