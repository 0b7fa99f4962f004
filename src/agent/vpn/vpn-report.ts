import type { BirdPeerReport } from "./bird-watch.js";

/** Somebody who is connected to this server; once for each address, and for each network behind it. */
export interface VpnClientReport {
  /** The certificate's common name. */
  readonly name: string;
  /** A prefix in canonical text; one address is a prefix of full length. */
  readonly destination: string;
  /** Whole seconds since 1970. */
  readonly since: number;
  /** What OpenVPN calls the session (Client ID), by which clients that share a certificate differ; null until it told. */
  readonly session: number | null;
}

/** A route to a client, or to other servers' clients. */
export interface VpnRouteReport {
  readonly destination: string;
  /** The next hop, or the device where there is none. */
  readonly via: string;
  /** The server whose clients are behind it. */
  readonly origin: string;
  /** Milliseconds since the epoch: since when it is so. */
  readonly since: number;
}

/** How a VPN server stands, as its agent sees it. */
export interface VpnReport {
  readonly server: string;
  /** Whether OpenVPN told who is connected, and what was told goes on being told. */
  readonly attached: boolean;
  /** False until it is known who is connected: until then the list is of those who were heard of. */
  readonly counted: boolean;
  /** In clauses; those that stand for longer than a moment. */
  readonly troubles: readonly string[];
  readonly clients: readonly VpnClientReport[];
  /** Destinations of this server's own clients that have a route. */
  readonly held: number;
  readonly peers: readonly BirdPeerReport[];
}

/** With what is asked of BIRD each time. */
export interface VpnReportWithRoutes extends VpnReport {
  /** Those to this server's own clients, and those to the others'; null where BIRD does not say. */
  readonly routes: readonly VpnRouteReport[] | null;
}
