import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** Milliseconds for which what still arrives is thrown away. */
const linger = 1_000;

/**
 * Has the connection end so that the answer arrives: a socket that is closed over unread data is reset, and a reset makes
 * the sender's kernel forget what it received before (RFC 9112, 9.6).
 */
export function closeLingering(request: IncomingMessage): void {
  const socket: Socket = request.socket;
  // What Node calls once the answer is written.
  socket.destroySoon = () => {
    socket.end();
    request.resume();
    const timer = setTimeout(() => socket.destroy(), linger);
    request.once("end", () => socket.destroy());
    socket.once("close", () => clearTimeout(timer));
  };
}
