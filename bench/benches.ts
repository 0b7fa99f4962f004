import { apply } from "./apply.js";
import { attack } from "./attack.js";
import type { Bench } from "./bench.js";
import { controllerKill } from "./controller-kill.js";
import { falseFailovers } from "./false-failovers.js";
import { mirrorFuzz, sharedFuzz, topologyFuzz } from "./fuzz.js";
import { haproxyCrash } from "./haproxy-crash.js";
import { haproxyReloads } from "./haproxy-reloads.js";
import { idleAgent } from "./idle-agent.js";
import { idleSwitch } from "./idle-switch.js";
import { machinesPowerLoss } from "./machines-power-loss.js";
import { mirrorLoss } from "./mirror-loss.js";
import { mirrorPath } from "./mirror-path.js";
import { mirrorSoak } from "./mirror-soak.js";
import { natSessions } from "./nat-sessions.js";
import { openPages } from "./open-pages.js";
import { pathDead } from "./path-dead.js";
import { powerLoss } from "./power-loss.js";
import { proxySessions } from "./proxy-sessions.js";
import { scaling } from "./scaling.js";
import { sharedPath } from "./shared-path.js";
import { sharedRestarts } from "./shared-restarts.js";
import { sharedSoak } from "./shared-soak.js";
import { switchover } from "./switchover.js";
import { topologyChecks } from "./topology-checks.js";
import { validateCli } from "./validate-cli.js";
import { vpnFirstPacket } from "./vpn-first-packet.js";
import { vpnScale } from "./vpn-scale.js";
import { vpnScaleModel } from "./vpn-scale-model.js";
import { vpnServerKilled } from "./vpn-server-killed.js";
import { vpnStorm } from "./vpn-storm.js";

export const benches: readonly Bench[] = [
  powerLoss,
  machinesPowerLoss,
  haproxyCrash,
  haproxyReloads,
  switchover,
  controllerKill,
  pathDead,
  natSessions,
  proxySessions,
  idleSwitch,
  attack,
  validateCli,
  topologyFuzz,
  topologyChecks,
  scaling,
  idleAgent,
  openPages,
  apply,
  falseFailovers,
  mirrorFuzz,
  mirrorLoss,
  mirrorSoak,
  mirrorPath,
  sharedFuzz,
  sharedPath,
  sharedSoak,
  sharedRestarts,
  vpnFirstPacket,
  vpnServerKilled,
  vpnScale,
  vpnScaleModel,
  vpnStorm,
];
