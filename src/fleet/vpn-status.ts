import { type VpnServerState, vpnServerDown, vpnTroubles } from "../observe/vpn-server.js";
import { sessionCount } from "../vpn/session-count.js";
import type { AgentReport, VpnServerReport } from "./node-report.js";

/** What was seen of one VPN server; a report of null where its agent did not answer. */
export interface VpnSighting {
  readonly state: VpnServerState;
  readonly report: AgentReport | null;
  /** In clauses, of its agent's watch. */
  readonly troubles: readonly string[];
  readonly clients: number | null;
}

/** One VPN server, in the shape that `status --json` prints. */
export interface VpnServerStatus extends Omit<VpnServerState, "kind"> {
  readonly role: "serving" | "fault" | "down";
  readonly healthy: boolean;
  /** Files or settings differ from its own generation. */
  readonly drift: boolean;
  /** What only its agent can know; null when that does not answer. */
  readonly report: AgentReport | null;
  /** What is wrong, a clause each. */
  readonly troubles: readonly string[];
  /** Clients that are connected; null where nobody says so. */
  readonly clients: number | null;
}

export const vpnSightingOf = ({ report, vpn, ...state }: VpnServerReport): VpnSighting => ({
  ...{ state, report, troubles: vpn.troubles },
  clients: vpn.counted ? sessionCount(vpn.clients) : null,
});

export const noVpnServerSeen = (name: string): VpnSighting => ({
  state: vpnServerDown(name),
  report: null,
  troubles: [],
  clients: null,
});

/** Healthy is one that does its work, stands as rendered, is settled, and exchanges routes with all others. */
export function vpnServerStatus({ state: seen, report, troubles, clients }: VpnSighting): VpnServerStatus {
  const { kind: _, ...state } = seen;
  if (report === null && state.openvpn.length === 0)
    return {
      ...state,
      role: "down",
      healthy: false,
      drift: false,
      report,
      troubles: ["does not answer"],
      clients,
    };
  const broken = vpnTroubles(state);
  const apart = state.peers
    .filter((peer) => !peer.established)
    .map(({ name }) => `no routes are exchanged with ${name}`);
  const all = [
    ...broken,
    ...(report === null ? ["agent dead"] : []),
    ...(report?.unsettled ? [report.unsettled] : []),
    ...apart,
    ...troubles,
    ...state.drifts,
  ];
  return {
    ...state,
    role: broken.length > 0 ? "fault" : "serving",
    healthy: all.length === 0,
    drift: state.drifts.length > 0,
    report,
    troubles: [...new Set(all)],
    clients,
  };
}
