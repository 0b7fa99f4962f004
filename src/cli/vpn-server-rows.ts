import type { VpnServerStatus } from "../fleet/vpn-status.js";
import { count } from "./topology-file.js";

/** Troubles of one server that still fit on a screen. */
const most = 6;

/** `openvpn bird agent ok   12 clients`, or what is wrong, a line each. */
export function vpnServerRows({ name, role, troubles, clients }: VpnServerStatus): string[][] {
  const who = clients === null ? "" : `   ${count(clients, "client")}`;
  const [first = `openvpn bird agent ok${who}`, ...others] = troubles.slice(0, most);
  const left = troubles.length - most;
  const rest = left > 0 ? [...others, `and ${left} more: 'holdfast status --json' has them all`] : others;
  return [[name, role, first], ...rest.map((trouble) => ["", "", trouble])];
}
