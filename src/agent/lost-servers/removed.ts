import type { Cluster, Server, Service } from "../../topology/cluster.js";
import { entrancesOf } from "../../topology/select.js";
import { type CarriedSession, carriedSession } from "../release/carried-session.js";

/** What to run (conntrack(8)) to see all sessions of a `nat` service that are translated to any server. */
export const lookups = (cluster: Cluster, service: Service): string[][] =>
  entrancesOf(cluster, service).map(({ family, address, port }) => [
    ...["conntrack", "-L", "-f", `ipv${family}`, "-p", "tcp", "--dst-nat"],
    ...["--orig-dst", address, "--orig-port-dst", String(port)],
  ]);

/** Where a session of the service went whose server the topology no longer has; null for any other line. */
export function removedServer(
  service: Service,
  line: string,
): Pick<Server, "family" | "address" | "port"> | null {
  const session = carriedSession(line);
  if (session === null || service.servers.some((server) => isWith(session, server))) return null;
  const { address, port } = session.reply.from;
  return { family: address.includes(":") ? 6 : 4, address, port };
}

const isWith = ({ reply }: CarriedSession, server: Server): boolean =>
  reply.from.address === server.address && reply.from.port === server.port;
