import { contains } from "../../topology/address.js";
import { readIp } from "../address.js";
import type { Tell } from "../finding.js";
import type { ImportedService } from "./imported.js";
import type { Segment } from "./segments.js";

/** Tells of servers that stand on no network that is known, unless some network is not wholly known itself. */
export function tellUnreachable(
  services: readonly ImportedService[],
  segments: readonly Segment[],
  tell: Tell,
): void {
  const [first] = segments;
  if (first === undefined || segments.some(({ families, prefix }) => prefix.size < families.length)) return;
  const prefixes = segments.flatMap(({ prefix }) => [...prefix.values()]);
  const strangers = new Set(
    services
      .flatMap(({ servers }) => servers.map(({ address }) => address))
      .filter((address) => {
        const ip = readIp(address);
        return ip !== null && !prefixes.some((prefix) => contains(prefix, ip));
      }),
  );
  if (strangers.size > 0)
    tell(
      first.place,
      "look",
      `servers ${[...strangers].join(", ")}`,
      "no file tells on which network they stand, or behind which router",
      "add the network and each node's interface there, or a route; --addresses finds networks on which all nodes stand",
    );
}
