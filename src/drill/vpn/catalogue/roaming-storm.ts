import { vpnAllowance } from "../vpn-allowance.js";
import type { VpnDrill } from "../vpn-drill.js";

/** All claims are made at once, and each is right everywhere as soon as its client is up. */
export const roamingStorm: VpnDrill = {
  name: "roaming-storm",
  summary: "all clients with a fixed address come to another VPN server at once, without a goodbye",
  vpnFault: { kind: "roam", who: "all" },
  expect: {
    struckSilentAtMost: 2 * vpnAllowance.login + vpnAllowance.route,
    othersSilentAtMost: vpnAllowance.noise,
    rightWithin: 2 * vpnAllowance.login + vpnAllowance.ghost,
    told: false,
  },
  deadline: 45_000,
  safe: false,
};
