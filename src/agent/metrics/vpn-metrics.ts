import { sessionCount } from "../../vpn/session-count.js";
import type { VpnReport } from "../vpn/vpn-report.js";
import { holdfast, type Metric } from "./metric.js";

/** Who is connected to a VPN server, and what it exchanges with the others; nothing for a load balancer. */
export function vpnMetrics(report: VpnReport | null): Metric[] {
  if (report === null) return [];
  const { server: own, attached, counted, clients, held, peers, troubles } = report;
  return [
    ...holdfast("vpn_counted", "1 while OpenVPN tells who is connected", [[{}, Number(attached && counted)]]),
    ...holdfast("vpn_clients", "clients that are connected to this server", [[{}, sessionCount(clients)]]),
    ...holdfast("vpn_routes", "routes to clients, by the server from which this one has them", [
      [{ server: own }, held],
      ...peers.map(({ server, imported }) => [{ server }, imported] as const),
    ]),
    ...holdfast(
      "vpn_session_up",
      "1 while routes are exchanged with the other server",
      peers.map(({ server, state }) => [{ server }, Number(state === "Established")]),
    ),
    ...holdfast(
      "vpn_refused_routes",
      "routes that the other server announces and may not",
      peers.map(({ server, refused }) => [{ server }, refused]),
    ),
    ...holdfast("vpn_troubles", "what is wrong with this server, as status tells it", [
      [{}, troubles.length],
    ]),
  ];
}
