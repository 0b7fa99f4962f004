import type { Cluster } from "../topology/cluster.js";
import { virtualIpsOn } from "../topology/select.js";
import { clientNetwork } from "./situation.js";

/** There are servers, and somebody who asks for them. */
export const aService = ({ services }: Cluster): boolean => services.length > 0;

/** Nodes talk on a network that serves no switch. */
export const aNetworkBeside = (cluster: Cluster): boolean =>
  cluster.networks.some(
    ({ name }) =>
      virtualIpsOn(cluster, name).length === 0 &&
      cluster.nodes.some(({ interfaces }) => interfaces.some(({ network }) => network === name)),
  );

/** The clients' virtual router has an address of IPv4. */
export const aRouterOfIPv4 = (cluster: Cluster): boolean =>
  virtualIpsOn(cluster, clientNetwork(cluster)).some(({ addresses }) =>
    addresses.some(({ family }) => family === 4),
  );
