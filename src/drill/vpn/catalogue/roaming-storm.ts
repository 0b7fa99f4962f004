import { vpnAllowance } from "../vpn-allowance.js";
import type { VpnDrill } from "../vpn-drill.js";

export const roamingStorm: VpnDrill = {
  name: "roaming-storm",
  summary: "all clients with a fixed address come to another VPN server at once, without a goodbye",
  why: "The newest claim of an address wins at once, by the agents' word; who is left behind is a ghost, and ends.",
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
