import { createSocket, type Socket } from "node:dgram";
import type { CopyLink } from "../copy-link.js";
import { datagramsOf, type Position, positionsIn } from "./position-wire.js";

/** Milliseconds until an address that is not there yet is tried again. */
const again = 500;

/**
 * Tells the other nodes how far each copy is, as it goes: what a takeover costs is then known to the byte. Not
 * authenticated, like what conntrackd says on the same network: netfilter admits it from the peers alone.
 */
export class PositionLink {
  #socket: Socket | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(
    private readonly link: CopyLink,
    private readonly heard: (positions: readonly Position[]) => void,
  ) {
    this.#bind();
  }

  tell(positions: Iterable<Position>): void {
    const socket = this.#socket;
    if (socket === null || this.link.peers.length === 0) return;
    for (const datagram of datagramsOf(positions))
      for (const peer of this.link.peers) socket.send(datagram, this.link.port, peer, () => undefined);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }

  #bind(): void {
    const { family, own, port, peers } = this.link;
    const socket = createSocket({
      type: family === 4 ? "udp4" : "udp6",
      // There is no name to look up, at each datagram anew.
      lookup: (address, _, found) => found(null, address, family),
    });
    socket.on("error", () => {
      socket.close();
      this.#socket = null;
      if (!this.#stopped) this.#timer = setTimeout(() => this.#bind(), again);
    });
    socket.on("message", (datagram, { address }) => {
      if (peers.includes(address)) this.heard(positionsIn(datagram));
    });
    socket.bind(port, own, () => {
      if (!this.#stopped) this.#socket = socket;
    });
  }
}
