import { loadTopology } from "../src/topology/load.js";
import type { Written } from "../test/lab/topology.js";

/** How much of everything a storm has. */
export interface StormSize {
  readonly servers: number;
  /** Clients that keep their address; the first of them has a network behind it. */
  readonly fixed: number;
  /** Clients that have an address of their server. */
  readonly others: number;
}

const letters = "abcdefgh";

/** What stands behind the first client, and where it answers there. */
export const behind = { network: "10.100.210.0/24", address: "10.100.210.1" } as const;

/** Both families inside, and management interfaces of both kinds. */
export function stormTopology(cluster: string, { servers, fixed }: StormSize): Written {
  const text = `cluster: ${cluster}
vpn:
  name: overlay
  pool: [10.100.0.0/16, fd00:100::/64]
  servers:
${times(servers, (index) => {
  const management = index % 2 === 0 ? "{ socket: /run/openvpn/overlay.sock }" : "{ port: 5656 }";
  const clients = `[10.100.${100 + index}.0/24, "fd00:100::${letters[index]}:0:0/96"]`;
  return `    - { name: vpn-${letters[index]}, address: 203.0.113.${10 * (index + 1)}, clients: ${clients}, backbone: 10.200.200.${index + 1}, management: ${management} }\n`;
})}  clients:
${times(fixed, (index) => {
  const subnets = index === 0 ? `, subnets: [${behind.network}]` : "";
  return `    - { name: host${index + 1}, address: [10.100.200.${index + 1}, "fd00:100::c8:${index + 1}"]${subnets} }\n`;
})}`;
  const { cluster: resolved, problems } = loadTopology(text);
  if (resolved === null) throw new Error(`the storm's topology is not valid: ${JSON.stringify(problems)}`);
  return { text, cluster: resolved };
}

const times = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("");
