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

/** Milliseconds that BIRD may take: for 80,000 routes it takes half a second, while it is busy with as many more three. */
const patience = 4_000;

/**
 * The routes to this server's own clients, and to the others', by what BIRD says now: there are too many to be kept.
 * Null where it does not say, or not all.
 */
export async function routesOf(
  vpn: Vpn,
  server: VpnServer,
  held: Iterable<HeldClient>,
  host: Pick<Host, "run">,
): Promise<VpnRouteReport[] | null> {
  const origins = new Map(tunnelsOf(vpn, server).map(({ device, peer }) => [device, peer.name]));
  const routes: VpnRouteReport[] = [];
  for (const { presence, since } of held)
    routes.push({ destination: presence.destination, since, via: server.device, origin: server.name });
  const reader = new LearnedRoutesReader(({ destination, since, via, device }) => {
    routes.push({ destination, since, via: via ?? device, origin: origins.get(device) ?? device });
  });
  const take = (piece: string): void => reader.read(piece);
  const asked = host.run(learnedRoutesCommand, { take, timeout: patience });
  const { exitCode } = await asked.catch(() => ({ exitCode: null }));
  reader.end();
  return exitCode === 0 ? routes : null;
}
