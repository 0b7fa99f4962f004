import type { Vpn, VpnServer } from "../../topology/cluster.js";
import { tunnelsOf } from "../../topology/vpn-select.js";
import type { Presence } from "../../vpn/clients.js";
import type { AgedRoute } from "./learned.js";
import type { VpnReport, VpnRouteReport } from "./vpn-report.js";

/** A client of this server's that has a route, and since when: milliseconds since the epoch. */
export interface HeldClient {
  readonly presence: Presence;
  readonly since: number;
}

/** What is told of those who are connected. */
export const clientsOf = (present: Iterable<Presence>): VpnReport["clients"] =>
  [...present].map(({ name, destination, since, cid: session }) => ({ name, destination, since, session }));

/** What is told of the routes to this server's own clients, and of those to the others'. */
export function routesOf(
  vpn: Vpn,
  server: VpnServer,
  held: Iterable<HeldClient>,
  learned: readonly AgedRoute[],
): VpnRouteReport[] {
  const origins = new Map(tunnelsOf(vpn, server).map(({ device, peer }) => [device, peer.name]));
  const own = [...held].map(({ presence: { destination }, since }) => ({
    ...{ destination, since, via: server.device, origin: server.name },
  }));
  const others = learned.map(({ destination, via, device, since }) => ({
    ...{ destination, since, via: via ?? device, origin: origins.get(device) ?? device },
  }));
  return [...own, ...others];
}
