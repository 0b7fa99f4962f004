import type { Cluster, Server, Service } from "../../topology/cluster.js";
import { type Entrance, entrancesOf, virtualIpNamed } from "../../topology/select.js";
import { type CarriedSession, carriedSession } from "./carried-session.js";
import { type SocketPort, socketKey } from "./held-sockets.js";
import type { Flow } from "./segment.js";

/** Some of the sessions that the kernel's table tells of, and how one of them is told that it is stale. */
export interface Suspects {
  /** What prints them (conntrack(8)). */
  readonly argv: readonly string[];
  /** Whose end may still be held. */
  readonly holder: "client" | "server";
  /** Of the socket that would hold such a session. */
  readonly port: SocketPort;
  /** Whether a node itself began it: agents knock at the service, and their connections are soon over. */
  readonly isNodes: (session: CarriedSession) => boolean;
  /** The socket of this machine that would hold such a session if it were alive. */
  readonly socket: (session: CarriedSession) => Flow;
  /** From that socket to the end that may still be held, as its holder sees it. */
  readonly way: (session: CarriedSession) => Flow;
}

/** The `proxy` services that are entered on a network. */
export const proxiedOn = (cluster: Cluster, network: string): Service[] =>
  cluster.services.filter(
    ({ mode, listen }) => mode === "proxy" && virtualIpNamed(cluster, listen.virtualIp).network === network,
  );

/**
 * The sessions that HAProxy holds on whichever node owns the network's virtual IPs: between clients and entrances, and,
 * where servers see their clients' own addresses, from there to the servers. With the node's own address a session
 * belongs to that node alone: its replies never come here.
 */
export function suspectsOn(cluster: Cluster, network: string): Suspects[] {
  const faces = cluster.nodes.flatMap(({ interfaces }) => interfaces);
  const nodes = new Set(faces.flatMap(({ addresses }) => addresses.map(({ address }) => address)));
  return proxiedOn(cluster, network).flatMap((service) => [
    ...entrancesOf(cluster, service).map((entrance) => fromClients(entrance, service.listen.port, nodes)),
    ...(service.transparent ? service.servers : []).map(fromUs),
  ]);
}

const listed = ({ family, address, port }: Entrance): string[] => [
  ...["conntrack", "-L", "-f", `ipv${family}`, "-p", "tcp", "--state", "ESTABLISHED"],
  ...["--orig-dst", address, "--orig-port-dst", String(port)],
];

/** A captured address is translated to where HAProxy listens: the client knows only the first. */
const fromClients = (entrance: Entrance, port: number, nodes: ReadonlySet<string>): Suspects => ({
  argv: listed(entrance),
  holder: "client",
  isNodes: ({ original }) => nodes.has(original.from.address),
  port: { side: "near", port },
  socket: ({ reply }) => reply,
  way: ({ original }) => ({ from: original.to, to: original.from }),
});

const fromUs = (server: Server): Suspects => ({
  argv: listed(server),
  holder: "server",
  isNodes: () => false,
  port: { side: "far", port: server.port },
  socket: ({ original }) => original,
  way: ({ original }) => original,
});

/** A session that somebody may hold at its far end. */
export interface Suspect extends Pick<Suspects, "holder"> {
  readonly socket: string;
  readonly way: Flow;
}

/** Reads one line of what was printed; null for what is no session. */
export function suspectIn({ holder, isNodes, socket, way }: Suspects, line: string): Suspect | null {
  const session = carriedSession(line);
  if (session?.state !== "ESTABLISHED" || isNodes(session)) return null;
  return { holder, socket: socketKey(socket(session)), way: way(session) };
}
