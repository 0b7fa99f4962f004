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
  /** What nodes themselves begin comes from here, and is soon over: their agents knock at the service, HAProxy at servers. */
  readonly nodes: ReadonlySet<string>;
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
  const nodes = addressesOfNodes(cluster);
  return proxiedOn(cluster, network).flatMap((service) => [
    ...entrancesOf(cluster, service).map((entrance) => fromClients(entrance, service.listen.port, nodes)),
    ...(service.transparent ? service.servers : []).map((server) => fromUs(server, nodes)),
  ]);
}

/** An agent knocks at its own node's virtual IPs by the loopback addresses (answers/knock). */
function addressesOfNodes({ nodes }: Cluster): Set<string> {
  const addresses = nodes.flatMap(({ interfaces }) => interfaces).flatMap((face) => face.addresses);
  return new Set([...addresses.map(({ address }) => address), "127.0.0.1", "::1"]);
}

const listed = ({ family, address, port }: Entrance): string[] => [
  ...["conntrack", "-L", "-f", `ipv${family}`, "-p", "tcp", "--state", "ESTABLISHED"],
  ...["--orig-dst", address, "--orig-port-dst", String(port)],
];

/** A captured address is translated to where HAProxy listens: the client knows only the first. */
const fromClients = (entrance: Entrance, port: number, nodes: ReadonlySet<string>): Suspects => ({
  argv: listed(entrance),
  holder: "client",
  nodes,
  port: { side: "near", port },
  socket: ({ reply }) => reply,
  way: ({ original }) => ({ from: original.to, to: original.from }),
});

const fromUs = (server: Server, nodes: ReadonlySet<string>): Suspects => ({
  argv: listed(server),
  holder: "server",
  nodes,
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
export function suspectIn({ holder, nodes, socket, way }: Suspects, line: string): Suspect | null {
  const session = carriedSession(line);
  if (session?.state !== "ESTABLISHED" || nodes.has(session.original.from.address)) return null;
  return { holder, socket: socketKey(socket(session)), way: way(session) };
}
