import type { Cluster } from "../topology/cluster.js";

/** For whoever named another one: `the nodes are lb-a, lb-b` and `the VPN servers are vpn-a, vpn-b`. */
export function machinesText({ nodes, vpn }: Pick<Cluster, "nodes" | "vpn">): string {
  const lists = [
    { what: "nodes", names: nodes.map(({ name }) => name) },
    { what: "VPN servers", names: vpn?.servers.map(({ name }) => name) ?? [] },
  ];
  return lists
    .filter(({ names }) => names.length > 0)
    .map(({ what, names }) => `the ${what} are ${names.join(", ")}`)
    .join("; ");
}
