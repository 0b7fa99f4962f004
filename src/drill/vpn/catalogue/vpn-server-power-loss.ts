import { vpnAllowance } from "../vpn-allowance.js";
import type { VpnDrill } from "../vpn-drill.js";

export const vpnServerPowerLoss: VpnDrill = {
  name: "vpn-server-power-loss",
  summary: "the VPN server with most clients loses power: they come to another one",
  why: "A client that hears nothing tries the next server, and keeps its fixed address there; the others' routes to it go with BFD, and come with the agents' word.",
  vpnFault: { kind: "power" },
  expect: {
    struckSilentAtMost: vpnAllowance.serverLost,
    othersSilentAtMost: vpnAllowance.noise,
    rightWithin: vpnAllowance.serverLost + vpnAllowance.ghost,
    told: false,
  },
  deadline: 45_000,
  safe: false,
};
