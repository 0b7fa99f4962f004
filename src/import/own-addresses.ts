import { readStanding } from "./address.js";
import type { Tell } from "./finding.js";
import { isDevice } from "./keepalived/device.js";
import type { OwnAddress } from "./keepalived/keepalived.js";
import type { SourceText } from "./source-text.js";

/**
 * A node's own addresses from `ip -o address`, one a line: `2: eth1    inet 10.0.1.2/24 brd ... scope global eth1`.
 * What keepalived put there (`proto keepalived`, or a secondary address) is told apart by whoever knows the virtual IPs.
 */
export function readOwnAddresses({ file, text }: SourceText, tell: Tell): OwnAddress[] {
  return text.split(/\r\n|\r|\n/).flatMap((raw, index): OwnAddress[] => {
    const words = raw.trim().split(/\s+/);
    const [number = "", name = "", family, address = ""] = words;
    if (raw.trim() === "") return [];
    if (!/^[0-9]+:$/.test(number) || (family !== "inet" && family !== "inet6")) {
      tell(
        { file, line: index + 1 },
        "lost",
        raw.trim(),
        "it is no line of 'ip -o address'",
        "write the file with: ip -o address > FILE",
      );
      return [];
    }
    const standing = words.includes("global") ? readStanding(address) : null;
    const device = name.replace(/@.*$/, "");
    return standing === null || !isDevice(device) ? [] : [{ ...standing, device, file, line: index + 1 }];
  });
}
