import type { Cluster, Node } from "../../topology/cluster.js";
import { vrrpNetworks } from "../../topology/select.js";
import { clientNetwork, type Situation } from "../situation.js";

/** A node as the one that is struck, whoever has the virtual IPs then. */
export const struckNode = (
  cluster: Cluster,
  active: string,
  network: string = clientNetwork(cluster),
): Situation => ({
  ...{ active, network, standby: cluster.nodes.find(({ name }) => name !== active)?.name ?? "" },
  busiestServer: { machine: "", sessions: 0 },
});

/** Networks that carry adverts. */
export const advertised = (cluster: Cluster): string[] => vrrpNetworks(cluster).map(({ name }) => name);

/** Networks on which all of them stand. */
export function shared(nodes: readonly Node[]): string[] {
  const [first, ...others] = nodes.map(({ interfaces }) => interfaces.map(({ network }) => network));
  return (first ?? []).filter((network) => others.every((each) => each.includes(network)));
}
