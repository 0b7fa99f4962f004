import { controllerCrash } from "./catalogue/controller-crash.js";
import { haproxyCrash } from "./catalogue/haproxy-crash.js";
import { keepalivedKill } from "./catalogue/keepalived-kill.js";
import { linkDown } from "./catalogue/link-down.js";
import { pathDead } from "./catalogue/path-dead.js";
import { powerLoss } from "./catalogue/power-loss.js";
import { switchover } from "./catalogue/switchover.js";
import type { Drill } from "./drill.js";

/** Every drill, in the order in which `--all` runs them. */
export const catalogue: readonly Drill[] = [
  powerLoss,
  haproxyCrash,
  keepalivedKill,
  linkDown,
  pathDead,
  controllerCrash,
  switchover,
];
