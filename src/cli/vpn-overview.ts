import type { VpnReportWithRoutes } from "../agent/vpn/vpn-report.js";

/** One address or network of somebody who is connected. */
export interface VpnClientRow {
  /** The certificate's common name. */
  readonly name: string;
  /** An address, or the prefix of a network behind the client. */
  readonly address: string;
  readonly server: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** What that server's OpenVPN calls the session, which is another for each client of a shared certificate; null until it told. */
  readonly session: number | null;
}

/** A route to clients, as one server has it. */
export interface VpnRouteRow {
  readonly server: string;
  readonly destination: string;
  /** Next hop, or device where there is none. */
  readonly via: string;
  /** The server whose clients are behind it. */
  readonly origin: string;
  /** Whole seconds for which it is so. */
  readonly age_s: number;
}

export interface VpnOverview {
  readonly clients: readonly VpnClientRow[];
  readonly routes: readonly VpnRouteRow[];
}

/** What the servers' agents report, in the order of the servers. @param now milliseconds since 1970 */
export const vpnOverview = (reports: readonly VpnReportWithRoutes[], now: number): VpnOverview => ({
  clients: reports.flatMap(({ server, clients }) =>
    clients.map(({ name, destination, since, session }) => ({
      ...{ name, address: alone(destination), server, session },
      since: new Date(since * 1000).toISOString(),
    })),
  ),
  routes: reports.flatMap(({ server, routes }) =>
    (routes ?? []).map(({ destination, via, origin, since }) => ({
      ...{ server, destination, via, origin },
      age_s: Math.max(0, Math.floor((now - since) / 1000)),
    })),
  ),
});

/** A prefix of full length is one address. */
const alone = (destination: string): string =>
  destination.replace(destination.includes(":") ? /\/128$/ : /\/32$/, "");
