import { backboneCut } from "./catalogue/backbone-cut.js";
import { backboneHeal } from "./catalogue/backbone-heal.js";
import { ghostClient } from "./catalogue/ghost-client.js";
import { roamingStorm } from "./catalogue/roaming-storm.js";
import { roguePeer } from "./catalogue/rogue-peer.js";
import { vpnServerPowerLoss } from "./catalogue/vpn-server-power-loss.js";
import type { VpnDrill } from "./vpn-drill.js";

/** Every drill of VPN servers, in the order in which `--all` runs them. */
export const vpnCatalogue: readonly VpnDrill[] = [
  vpnServerPowerLoss,
  backboneCut,
  backboneHeal,
  roamingStorm,
  ghostClient,
  roguePeer,
];
