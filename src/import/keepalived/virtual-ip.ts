import { readStanding } from "../address.js";
import type { Tell } from "../finding.js";
import type { Statement } from "../source-text.js";
import { readDevice } from "./device.js";
import type { WrittenVirtualIp } from "./keepalived.js";

/** Words of a line of `virtual_ipaddress` that take the next word with them. */
const withValue = new Set(["brd", "broadcast", "scope", "label", "preferred_lft", "peer"]);

/** Reads `10.0.1.100/24 brd + dev eth1 label eth1:0`; null when it is no address. */
export function readVirtualIp({ words, line }: Statement, file: string, tell: Tell): WrittenVirtualIp | null {
  const [written = "", ...options] = words;
  const place = { file, line };
  const standing = readStanding(written);
  if (standing === null) {
    tell(place, "lost", words.join(" "), "it is no address that a machine can have", "add it to virtual_ips");
    return null;
  }
  let device: string | null = null;
  for (let index = 0; index < options.length; index++) {
    const option = options[index] ?? "";
    if (option === "dev") device = readDevice(options[++index], place, tell);
    else if (withValue.has(option)) {
      const value = options[++index] ?? "";
      // An IPv6 address that no connection of the node's own begins at: holdfast writes it so itself.
      if (option !== "preferred_lft" || value !== "0")
        tell(place, "lost", `${option} ${value}`, `virtual IP ${standing.ip.text} comes without it`);
    } else tell(place, "lost", option, `virtual IP ${standing.ip.text} comes without it`);
  }
  return { ...standing, ...place, device };
}
