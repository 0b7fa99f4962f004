import { vpnAllowance } from "../vpn-allowance.js";
import type { VpnDrill } from "../vpn-drill.js";

/** It is not believed, nobody notices, and the others' agents say who it is. */
export const roguePeer: VpnDrill = {
  name: "rogue-peer",
  summary: "a VPN server announces a default route and a network that is nobody's",
  vpnFault: { kind: "lie" },
  expect: {
    struckSilentAtMost: vpnAllowance.noise,
    othersSilentAtMost: vpnAllowance.noise,
    // Agents ask BIRD every 2 s, and twice.
    rightWithin: 6_000,
    told: true,
  },
  deadline: 30_000,
  safe: false,
};
