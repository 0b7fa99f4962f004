import { agentKill } from "./catalogue/agent-kill.js";
import { conntrackdKill } from "./catalogue/conntrackd-kill.js";
import { controllerCrash } from "./catalogue/controller-crash.js";
import { controllerFreeze } from "./catalogue/controller-freeze.js";
import { haproxyCrash } from "./catalogue/haproxy-crash.js";
import { haproxyFreeze } from "./catalogue/haproxy-freeze.js";
import { keepalivedFreeze } from "./catalogue/keepalived-freeze.js";
import { keepalivedKill } from "./catalogue/keepalived-kill.js";
import { keepalivedStop } from "./catalogue/keepalived-stop.js";
import { linkDown } from "./catalogue/link-down.js";
import { pathDead } from "./catalogue/path-dead.js";
import { powerLoss } from "./catalogue/power-loss.js";
import { standbyLinkDown } from "./catalogue/standby-link-down.js";
import { standbyPowerLoss } from "./catalogue/standby-power-loss.js";
import { switchover } from "./catalogue/switchover.js";
import type { Drill } from "./drill.js";

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

/** Every drill, in the order in which `--all` runs them. */
export const catalogue: readonly Drill[] = [
  powerLoss,
  haproxyCrash,
  haproxyFreeze,
  keepalivedKill,
  keepalivedStop,
  keepalivedFreeze,
  linkDown,
  pathDead,
  controllerCrash,
  controllerFreeze,
  agentKill,
  conntrackdKill,
  standbyPowerLoss,
  standbyLinkDown,
  switchover,
];
