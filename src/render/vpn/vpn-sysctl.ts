import type { Vpn } from "../../topology/cluster.js";
import { familiesOf } from "../../topology/vpn-select.js";
import { defineTemplate } from "../template.js";

export interface VpnSysctlView {
  readonly ipv4: boolean;
  readonly ipv6: boolean;
}

/** Kernel settings of a server (sysctl.d(5)). */
export const vpnSysctl = defineTemplate<VpnSysctlView, [Vpn]>(
  "vpn/91-holdfast-vpn.conf",
  { ipv4: true, ipv6: true },
  (vpn) => ({ ipv4: familiesOf(vpn).includes(4), ipv6: familiesOf(vpn).includes(6) }),
);
