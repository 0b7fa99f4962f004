import { sessionCount } from "../vpn/session-count.js";
import { count } from "./topology-file.js";
import type { VpnLook } from "./vpn-look.js";
import type { VpnOverview } from "./vpn-overview.js";

/** A server and its clients, a line each; no number where who is connected is not known. */
export function vpnStatusText(looks: readonly VpnLook[], { clients, routes }: VpnOverview): string {
  const width = Math.max(0, ...clients.map(({ name }) => name.length));
  return looks
    .map(({ server, report }) => {
      const own = clients.filter((each) => each.server === server);
      const lines = own.map(
        ({ name, address, since }) => `  ${name.padEnd(width)}  ${address.padEnd(24)}  since ${since}\n`,
      );
      const known = routes.filter((route) => route.server === server);
      const isCounted = report?.counted === true;
      const who = isCounted ? count(sessionCount(own), "client") : "? clients";
      const ways = isCounted && report.routes !== null ? count(known.length, "route") : "? routes";
      return `${server}   ${who}, ${ways}\n${lines.join("")}`;
    })
    .join("");
}
