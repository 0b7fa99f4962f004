import { takenBinds } from "../deploy/taken-binds.js";
import { copyLinkOf } from "../mirror/copy-link.js";
import { syncLinks } from "../render/sync-links.js";
import type { Cluster, Node } from "../topology/cluster.js";
import { type Finding, findingsOf } from "./finding.js";

/** What is read of a node's listening sockets. */
export interface Listening {
  /** `ss -Hltnp` and `ss -Hlunp`. */
  readonly tcp: string;
  readonly udp: string;
  /** The agent's own process, whose port is no stranger's. */
  readonly agent: number;
  /** The agent's child that mirrors; null while none does. */
  readonly mirror: number | null;
  /** What HAProxy runs with, and whether conntrackd runs: not every agent may see who holds a socket (capabilities(7)). */
  readonly haproxyCfg: string;
  readonly conntrackd: boolean;
}

interface Socket {
  readonly port: number;
  readonly local: string;
  /** Whoever has it open: a program that starts another one shares all it has with it for a moment. */
  readonly holders: readonly { readonly program: string; readonly pid: number }[];
}

/** Lines of ss(8): state, queues, local and peer address, `users:(("name",pid=1,fd=2))`. */
export function parseSockets(text: string): Socket[] {
  return text.split("\n").flatMap((line) => {
    const [, , , local = "", , users = ""] = line.trim().split(/\s+/);
    const port = /:(\d+)$/.exec(local)?.[1];
    if (port === undefined) return [];
    const holders = [...users.matchAll(/"([^"]*)",pid=(\d+)/g)].map(([, program = "", pid]) => ({
      ...{ program, pid: Number(pid) },
    }));
    return [{ port: Number(port), local, holders }];
  });
}

const { ok, error } = findingsOf("ports");

/** Whether somebody else has what the node's own programs want to listen on. */
export function ports(cluster: Cluster, node: Node, haproxyCfg: string, listening: Listening): Finding[] {
  const [tcp, udp] = [parseSockets(listening.tcp), parseSockets(listening.udp)];
  const free = "stop that program, or have it listen on addresses of its own";
  const agentPort = cluster.agent.port;
  const copies = copyLinkOf(cluster, node);
  const taken = [
    ...takenBinds(haproxyCfg, listening.tcp)
      .filter((words) => !isHidden(words, listening.haproxyCfg))
      .map((words) => error("services", words, free)),
    ...foreign(tcp, agentPort, listening.agent).map((by) =>
      error(
        "agent",
        `TCP port ${agentPort} of the agents' API is in use by ${by}`,
        `${free}; or choose another agent.port`,
      ),
    ),
    ...foreign(udp, agentPort, listening.agent).map((by) =>
      error(
        "agent",
        `UDP port ${agentPort} of the agents' beats is in use by ${by}`,
        `${free}; or choose another agent.port`,
      ),
    ),
    ...syncLinks(cluster, node).flatMap(({ port }) =>
      udp
        .filter((socket) => socket.port === port && !isConntrackd(socket, listening.conntrackd))
        .map((socket) =>
          error("sync", `UDP port ${port}, over which conntrackd speaks, is in use by ${who(socket)}`, free),
        ),
    ),
    ...(copies === null ? [] : udp.filter((socket) => socket.port === copies.port))
      .filter((socket) => !isMirror(socket, listening.mirror))
      .map((socket) =>
        error(
          "mirror",
          `UDP port ${socket.port}, over which the nodes say how far their copies are, is in use by ${who(socket)}`,
          free,
        ),
      ),
  ];
  return taken.length > 0 ? taken : [ok("all", "nobody else listens where the node's own programs will")];
}

/** Somebody unseen holds what the HAProxy that runs has in its file. */
const isHidden = (words: string, running: string): boolean =>
  words.endsWith(" by another program") && running.includes(`    bind ${words.split(" ")[0]}`);

const isConntrackd = ({ holders }: Socket, runs: boolean): boolean =>
  holders.length === 0 ? runs : holders.some(({ program }) => program === "conntrackd");

const isMirror = ({ holders }: Socket, mirror: number | null): boolean =>
  holders.length === 0 ? mirror !== null : holders.some(({ pid }) => pid === mirror);

const foreign = (sockets: readonly Socket[], port: number, agent: number): string[] =>
  sockets
    .filter((socket) => socket.port === port && !socket.holders.some(({ pid }) => pid === agent))
    .map(who);

function who({ holders: [holder], local }: Socket): string {
  return holder === undefined
    ? `another program on ${local}`
    : `${holder.program} (process ${holder.pid}) on ${local}`;
}
