import { vpnAllowance } from "../vpn-allowance.js";
import type { VpnDrill } from "../vpn-drill.js";

/** Its clients are on others before it has its power again; whoever was elsewhere notices nothing. */
export const vpnServerPowerLoss: VpnDrill = {
  name: "vpn-server-power-loss",
  summary: "the VPN server with most clients loses power: they come to another one",
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
