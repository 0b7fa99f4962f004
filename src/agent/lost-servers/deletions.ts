import type { Cluster, Server, Service } from "../../topology/cluster.js";
import { entrancesOf } from "../../topology/select.js";

/** Where sessions of a service went that are to end. */
export interface FormerServer {
  readonly service: Service;
  readonly server: Pick<Server, "family" | "address" | "port">;
}

/**
 * What to run (conntrack(8)), one for each way into the service, so that all sessions that were translated to the server
 * leave the kernel's table; each prints those that did. What others send to the server itself is not touched.
 */
export const deletions = (cluster: Cluster, { service, server }: FormerServer): string[][] =>
  entrancesOf(cluster, service)
    .filter(({ family }) => family === server.family)
    .map(({ family, address, port }) => [
      ...["conntrack", "-D", "-f", `ipv${family}`, "-p", "tcp"],
      ...["--orig-dst", address, "--orig-port-dst", String(port)],
      ...["--reply-src", server.address, "--reply-port-src", String(server.port)],
    ]);
