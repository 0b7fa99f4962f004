import type { Vpn, VpnServer } from "../../topology/cluster.js";
import { tunnelsOf } from "../../topology/vpn-select.js";
import type { Presence } from "../../vpn/clients.js";
import type { AgedRoute } from "./learned.js";
import type { VpnReport } from "./vpn-report.js";

/** A client of this server's that has a route, and since when: milliseconds since the epoch. */
export interface HeldClient {
  readonly presence: Presence;
  readonly since: number;
}

export interface Seen extends Pick<VpnReport, "attached" | "counted" | "troubles" | "peers"> {
  readonly present: readonly Presence[];
  readonly held: readonly HeldClient[];
  readonly learned: readonly AgedRoute[];
}

/** What is told of what a watch sees. */
export function reportOf(vpn: Vpn, server: VpnServer, seen: Seen): VpnReport {
  const { attached, counted, troubles, peers, present, held, learned } = seen;
  const origins = new Map(tunnelsOf(vpn, server).map(({ device, peer }) => [device, peer.name]));
  const own = held.map(({ presence: { destination }, since }) => ({
    ...{ destination, since, via: server.device, origin: server.name },
  }));
  const others = learned.map(({ destination, via, device, since }) => ({
    ...{ destination, since, via: via ?? device, origin: origins.get(device) ?? device },
  }));
  const clients = present.map(({ name, destination, since, cid: session }) => ({
    ...{ name, destination, since, session },
  }));
  return { server: server.name, attached, counted, troubles, clients, routes: [...own, ...others], peers };
}
