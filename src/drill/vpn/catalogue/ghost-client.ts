import { vpnAllowance } from "../vpn-allowance.js";
import type { VpnDrill } from "../vpn-drill.js";

export const ghostClient: VpnDrill = {
  name: "ghost-client",
  summary: "a client with a fixed address is on another VPN server while its ghost is on the one it left",
  why: "Its old server goes on believing in it: the newer claim takes the route, and the ghost's session is ended.",
  vpnFault: { kind: "roam", who: "one" },
  expect: {
    struckSilentAtMost: vpnAllowance.login + vpnAllowance.route,
    othersSilentAtMost: vpnAllowance.noise,
    rightWithin: vpnAllowance.login + vpnAllowance.dead,
    told: false,
  },
  deadline: 30_000,
  safe: false,
};
