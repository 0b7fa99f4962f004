import type { Cluster, Family } from "../../topology/cluster.js";
import { virtualIpNamed } from "../../topology/select.js";

/** One place at which switches reach a service. */
export interface Endpoint {
  readonly service: string;
  readonly network: string;
  readonly family: Family;
  readonly address: string;
  readonly port: number;
}

/**
 * Every virtual IP and port at which HAProxy itself listens. A `nat` service is not among them: what comes from the node
 * itself passes no PREROUTING chain, so that only its rules can be looked at (fault `rules-missing`).
 */
export const endpointsOf = (cluster: Cluster): Endpoint[] =>
  cluster.services
    .filter(({ mode }) => mode === "proxy")
    .flatMap(({ name, listen }) => {
      const { network, addresses } = virtualIpNamed(cluster, listen.virtualIp);
      return addresses.map(({ family, address }) => ({
        ...{ service: name, network, family, address },
        port: listen.port,
      }));
    });

/** `10.0.1.100:6653`, `[fd00:1::100]:6653`. */
export const endpointName = ({ family, address, port }: Endpoint): string =>
  `${family === 6 ? `[${address}]` : address}:${port}`;
