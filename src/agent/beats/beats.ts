import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from "node:dgram";
import type { Cluster, HostAddress, Node } from "../../topology/cluster.js";
import { interfaceOn, peersOf } from "../../topology/select.js";
import { type Beat, longestBeat } from "./beat.js";
import { BeatReader } from "./beat-reader.js";

/** A network that a peer and this node share. */
interface Link {
  readonly network: string;
  readonly own: HostAddress;
  /** The peers' addresses there, by address. */
  readonly peers: ReadonlyMap<string, string>;
}

export type BeatListener = (beat: Beat, network: string) => void;

/** Milliseconds until an address that is not there yet is tried again. */
const bindAgain = 500;

/**
 * Sends this node's beats to every peer on every shared network, and takes theirs: on a network's socket only from the
 * peer that the topology places at the sender's address there. Beats are not authenticated, like VRRP itself.
 */
export class Beats {
  private readonly sockets = new Map<string, Socket>();
  private readonly links: readonly Link[];
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly readers = new Map<string, BeatReader>();

  constructor(
    cluster: Cluster,
    node: Node,
    private readonly listener: BeatListener,
    private readonly port: number = cluster.agent.port,
  ) {
    this.links = linksOf(cluster, node);
    for (const link of this.links) this.bind(link);
  }

  send(datagram: string): void {
    const bytes = Buffer.from(datagram);
    for (const { network, peers } of this.links) {
      const socket = this.sockets.get(network);
      // A network that is down refuses to send; the peers' silence there is what counts.
      if (socket) for (const address of peers.keys()) socket.send(bytes, this.port, address, () => {});
    }
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    for (const socket of this.sockets.values()) socket.close();
    this.sockets.clear();
  }

  private bind(link: Link): void {
    const { family } = link.own;
    // Addresses alone are sent to: there is no name to look up, at each datagram anew.
    const lookup: SocketOptions["lookup"] = (address, _, found) => found(null, address, family);
    const socket = createSocket({ type: family === 4 ? "udp4" : "udp6", lookup });
    socket.on("error", () => {
      this.sockets.delete(link.network);
      socket.close();
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        this.bind(link);
      }, bindAgain);
      this.timers.add(timer);
    });
    socket.on("message", (message, from) => this.receive(link, message, from));
    socket.bind(this.port, link.own.address, () => this.sockets.set(link.network, socket));
  }

  private receive({ network, peers }: Link, message: Buffer, from: RemoteInfo): void {
    const peer = peers.get(from.address);
    if (peer === undefined || message.length > longestBeat) return;
    const beat = this.reader(peer).read(message);
    if (beat !== null && beat.node === peer) this.listener(beat, network);
  }

  private reader(peer: string): BeatReader {
    const reader = this.readers.get(peer) ?? new BeatReader();
    this.readers.set(peer, reader);
    return reader;
  }
}

/** One a network on which the node has a peer, in the network's first family. */
function linksOf(cluster: Cluster, node: Node): Link[] {
  return node.interfaces.flatMap(({ network, addresses }) => {
    const [own] = addresses;
    if (own === undefined) return [];
    const peers = peersOf(cluster, node).flatMap((peer): [string, string][] => {
      const address = interfaceOn(peer, network)?.addresses.find(({ family }) => family === own.family);
      return address === undefined ? [] : [[address.address, peer.name]];
    });
    return peers.length === 0 ? [] : [{ network, own, peers: new Map(peers) }];
  });
}
