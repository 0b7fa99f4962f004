import { contains } from "../topology/address.js";
import type { Cluster } from "../topology/cluster.js";
import { ip, prefixOf } from "../topology/cluster-addresses.js";
import { vrrpNetworks } from "../topology/select.js";

/** A server that begins connections, which leave by a network with an address that is not its own. */
export interface Translation {
  /** The server's address. */
  readonly server: string;
  readonly outbound: string;
  readonly address: string;
}

/** The first of the first service's servers; null where none is, or where nobody stands on that network. */
export function translationOf(cluster: Cluster): Translation | null {
  const inhabited = vrrpNetworks(cluster).map(({ name }) => name);
  for (const { address: server, family } of cluster.services[0]?.servers ?? [])
    for (const { from, outbound, translateTo } of cluster.nat.source) {
      const address = translateTo.find((each) => each.family === family)?.address;
      const comes = from.some((cidr) => contains(prefixOf(cidr), ip(server)));
      if (comes && address !== undefined && inhabited.includes(outbound))
        return { server, outbound, address };
    }
  return null;
}
