import { agentAddresses, firstPort } from "../../fleet/agent-addresses.js";
import type { Cluster } from "../../topology/cluster.js";
import { machinesOf } from "../../topology/machines.js";
import type { TcpAddress } from "../server/tls-listener.js";

/** Where a node's agent listens: on its address in the agents' network; before its first topology everywhere. */
export function listeningAddress(node: string, cluster: Cluster | null): TcpAddress {
  const [own] = cluster === null ? [] : agentAddresses(node, [cluster]);
  return own ?? { host: "::", port: firstPort };
}

/** Every address of the other nodes, on whatever network, and of the other VPN servers. */
export function peerAddressesOf(node: string, cluster: Cluster | null): Set<string> {
  const others = (cluster === null ? [] : machinesOf(cluster)).filter(({ name }) => name !== node);
  return new Set(
    others
      .flatMap((machine) =>
        machine.kind === "node"
          ? machine.node.interfaces.flatMap(({ addresses }) => addresses)
          : machine.agentAddresses,
      )
      .map(({ address }) => address),
  );
}
