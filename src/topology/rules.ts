import type { Rule } from "./rule.js";
import * as addresses from "./rules/addresses.js";
import * as families from "./rules/families.js";
import * as interfaces from "./rules/interfaces.js";
import * as mirrors from "./rules/mirrors.js";
import * as names from "./rules/names.js";
import * as nat from "./rules/nat.js";
import * as occupied from "./rules/occupied.js";
import * as references from "./rules/references.js";
import * as routes from "./rules/routes.js";
import * as services from "./rules/services.js";
import * as sync from "./rules/sync.js";
import * as vpn from "./rules/vpn.js";
import * as vpnAddresses from "./rules/vpn-addresses.js";
import * as vpnEngines from "./rules/vpn-engines.js";
import * as vpnMachines from "./rules/vpn-machines.js";
import * as warnings from "./rules/warnings.js";
import * as wayBack from "./rules/way-back.js";

/** Every rule that a topology must keep: whatever the files under rules/ export. All are asked, all answers are reported. */
export const rules: readonly Rule[] = [
  references,
  names,
  addresses,
  interfaces,
  occupied,
  routes,
  services,
  mirrors,
  families,
  nat,
  wayBack,
  sync,
  vpn,
  vpnAddresses,
  vpnEngines,
  vpnMachines,
  warnings,
].flatMap((file): Rule[] => Object.values(file));
