import { agentKill } from "./catalogue/agent-kill.js";
import { arpSuppressed } from "./catalogue/arp-suppressed.js";
import { certificateExpired } from "./catalogue/certificate-expired.js";
import { commitRefused } from "./catalogue/commit-refused.js";
import { conntrackDropped } from "./catalogue/conntrack-dropped.js";
import { conntrackdKill } from "./catalogue/conntrackd-kill.js";
import { controllerCrash } from "./catalogue/controller-crash.js";
import { controllerFlapping } from "./catalogue/controller-flapping.js";
import { controllerFreeze } from "./catalogue/controller-freeze.js";
import { controllerSlow } from "./catalogue/controller-slow.js";
import { controllersDead } from "./catalogue/controllers-dead.js";
import { cpuStarvation } from "./catalogue/cpu-starvation.js";
import { diskReadOnly } from "./catalogue/disk-read-only.js";
import { fileCorrupt } from "./catalogue/file-corrupt.js";
import { fileEdited } from "./catalogue/file-edited.js";
import { haproxyCrash } from "./catalogue/haproxy-crash.js";
import { haproxyFreeze } from "./catalogue/haproxy-freeze.js";
import { haproxyReload } from "./catalogue/haproxy-reload.js";
import { haproxyStop } from "./catalogue/haproxy-stop.js";
import { keepalivedDead } from "./catalogue/keepalived-dead.js";
import { keepalivedFreeze } from "./catalogue/keepalived-freeze.js";
import { keepalivedKill } from "./catalogue/keepalived-kill.js";
import { keepalivedStop } from "./catalogue/keepalived-stop.js";
import { linkDown } from "./catalogue/link-down.js";
import { loss10 } from "./catalogue/loss-10.js";
import { loss30 } from "./catalogue/loss-30.js";
import { maintenance } from "./catalogue/maintenance.js";
import { managementCut } from "./catalogue/management-cut.js";
import { nodeFreeze } from "./catalogue/node-freeze.js";
import { oneWayDeaf } from "./catalogue/one-way-deaf.js";
import { oneWayLoss } from "./catalogue/one-way-loss.js";
import { oneWayLossEverywhere } from "./catalogue/one-way-loss-everywhere.js";
import { partitioned } from "./catalogue/partition.js";
import { pathDead } from "./catalogue/path-dead.js";
import { powerLoss } from "./catalogue/power-loss.js";
import { ruleDeleted } from "./catalogue/rule-deleted.js";
import { ruleForeign } from "./catalogue/rule-foreign.js";
import { slowOpenersDrill } from "./catalogue/slow-openers.js";
import { snatPortsExhausted } from "./catalogue/snat-ports-exhausted.js";
import { standbyLinkDown } from "./catalogue/standby-link-down.js";
import { standbyPowerLoss } from "./catalogue/standby-power-loss.js";
import { switchover } from "./catalogue/switchover.js";
import { synFloodDrill } from "./catalogue/syn-flood.js";
import { vridRogue } from "./catalogue/vrid-rogue.js";
import { vridStranger } from "./catalogue/vrid-stranger.js";
import { vrrpCut } from "./catalogue/vrrp-cut.js";
import { witnessLost } from "./catalogue/witness-lost.js";
import type { Drill, SafeDrill } from "./drill.js";

/** What a first look at failover shows. */
export const coreCatalogue: readonly Drill[] = [
  powerLoss,
  haproxyCrash,
  keepalivedKill,
  linkDown,
  pathDead,
  controllerCrash,
  switchover,
];

/** Those that may be run on a cluster in production. */
export const safeDrills: readonly SafeDrill[] = [maintenance, switchover];

/** Every drill, in the order in which `--all` runs them. */
export const catalogue: readonly Drill[] = [
  powerLoss,
  haproxyCrash,
  haproxyFreeze,
  haproxyStop,
  haproxyReload,
  keepalivedKill,
  keepalivedDead,
  keepalivedStop,
  keepalivedFreeze,
  linkDown,
  pathDead,
  controllerCrash,
  controllerFreeze,
  controllerFlapping,
  controllerSlow,
  controllersDead,
  agentKill,
  conntrackdKill,
  nodeFreeze,
  cpuStarvation,
  fileEdited,
  fileCorrupt,
  ruleForeign,
  ruleDeleted,
  diskReadOnly,
  commitRefused,
  certificateExpired,
  conntrackDropped,
  snatPortsExhausted,
  slowOpenersDrill,
  synFloodDrill,
  standbyPowerLoss,
  standbyLinkDown,
  vrrpCut,
  partitioned,
  witnessLost,
  managementCut,
  oneWayLoss,
  oneWayDeaf,
  oneWayLossEverywhere,
  loss10,
  loss30,
  vridStranger,
  vridRogue,
  arpSuppressed,
  ...safeDrills,
];
