import { vpnAllowance } from "../vpn-allowance.js";
import type { VpnDrill } from "../vpn-drill.js";

export const backboneCut: VpnDrill = {
  name: "backbone-cut",
  summary: "nothing passes between two VPN servers: only their clients lose each other",
  why: "There is no way around a tunnel: clients of the two servers lose each other, and nobody else anything.",
  vpnFault: { kind: "cut" },
  expect: {
    // Of the pairs that are cut off nothing is expected but silence.
    struckSilentAtMost: 0,
    othersSilentAtMost: vpnAllowance.noise,
    rightWithin: vpnAllowance.dead,
    told: false,
  },
  deadline: 30_000,
  safe: false,
};
