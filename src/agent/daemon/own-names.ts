import type { Cluster } from "../../topology/cluster.js";
import { machinesOf } from "../../topology/machines.js";

/**
 * The names and addresses under which a browser may reach a machine's agent, in lower case. Virtual IPs are among them
 * wherever they are: whoever has one may be asked by it.
 */
export function ownNames(machine: string, cluster: Cluster | null): Set<string> {
  const self = (cluster === null ? [] : machinesOf(cluster)).find(({ name }) => name === machine);
  const addresses =
    self?.kind === "node"
      ? self.node.interfaces.flatMap((each) => each.addresses.map(({ address }) => address))
      : (self?.agentAddresses ?? []).map(({ address }) => address);
  const virtual = (cluster?.virtualIps ?? []).flatMap((each) => each.addresses.map(({ address }) => address));
  return new Set([machine, "localhost", "127.0.0.1", "::1", ...addresses, ...virtual]);
}
