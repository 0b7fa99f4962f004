import type { Host } from "../../host/host.js";
import type { Vpn, VpnServer } from "../../topology/cluster.js";
import { tunnelsOf } from "../../topology/vpn-select.js";
import type { Presence } from "../../vpn/clients.js";
import { LearnedRoutesReader, learnedRoutesCommand } from "../../vpn/learned-routes.js";
import type { VpnReport, VpnRouteReport } from "./vpn-report.js";

/** A client of this server's that has a route, and since when: milliseconds since the epoch. */
export interface HeldClient {
  readonly presence: Presence;
  readonly since: number;
}

/** What is told of those who are connected. */
export const clientsOf = (present: Iterable<Presence>): VpnReport["clients"] =>
  [...present].map(({ name, destination, since, cid: session }) => ({ name, destination, since, session }));

/** The routes to this server's own clients, and to the others', by what BIRD says now: there are too many to be kept. */
export async function routesOf(
  vpn: Vpn,
  server: VpnServer,
  held: Iterable<HeldClient>,
  host: Pick<Host, "run">,
): Promise<VpnRouteReport[]> {
  const origins = new Map(tunnelsOf(vpn, server).map(({ device, peer }) => [device, peer.name]));
  const routes: VpnRouteReport[] = [];
  for (const { presence, since } of held)
    routes.push({ destination: presence.destination, since, via: server.device, origin: server.name });
  const reader = new LearnedRoutesReader(({ destination, since, via, device }) => {
    routes.push({ destination, since, via: via ?? device, origin: origins.get(device) ?? device });
  });
  await host.run(learnedRoutesCommand, { take: (piece) => reader.read(piece) });
  reader.end();
  return routes;
}
