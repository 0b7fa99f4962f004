import { agentAddresses, firstPort } from "../../fleet/agent-addresses.js";
import type { Cluster } from "../../topology/cluster.js";
import type { TcpAddress } from "../server/tls-listener.js";

/** Where a node's agent listens: on its address in the agents' network; before its first topology everywhere. */
export function listeningAddress(node: string, cluster: Cluster | null): TcpAddress {
  const [own] = cluster === null ? [] : agentAddresses(node, [cluster]);
  return own ?? { host: "::", port: firstPort };
}

/** Every address of the other nodes, on whatever network. */
export const peerAddressesOf = (node: string, cluster: Cluster | null): Set<string> =>
  new Set(
    (cluster?.nodes ?? [])
      .filter(({ name }) => name !== node)
      .flatMap(({ interfaces }) => interfaces.flatMap(({ addresses }) => addresses))
      .map(({ address }) => address),
  );
