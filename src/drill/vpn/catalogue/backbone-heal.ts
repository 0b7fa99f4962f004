import { vpnAllowance } from "../vpn-allowance.js";
import type { VpnDrill } from "../vpn-drill.js";

export const backboneHeal: VpnDrill = {
  name: "backbone-heal",
  summary:
    "two VPN servers that were cut off from each other are not any more: their clients find each other again",
  why: "OpenVPN makes the tunnel again, BGP comes up in it, and routes follow.",
  vpnFault: { kind: "heal" },
  expect: {
    struckSilentAtMost: vpnAllowance.tunnel,
    othersSilentAtMost: vpnAllowance.noise,
    rightWithin: vpnAllowance.tunnel,
    told: false,
  },
  deadline: 45_000,
  safe: false,
};
