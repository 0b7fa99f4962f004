import { vpnAllowance } from "../vpn-allowance.js";
import type { VpnDrill } from "../vpn-drill.js";

export const roguePeer: VpnDrill = {
  name: "rogue-peer",
  summary: "a VPN server announces a default route and a network that is nobody's",
  why: "Filters take nothing that the topology does not have, and the others' agents say who tried.",
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
