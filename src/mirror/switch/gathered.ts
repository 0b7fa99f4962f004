import type { Socket } from "node:net";

/** What is written before this turn of the event loop ends becomes one write, which costs far more than what it writes. */
export function gather(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}

/** Whether at most so many bytes are left when the system has taken what it will. */
export function hasRoom(socket: Socket, most: number): boolean {
  if (socket.writableLength > most) socket.uncork();
  return socket.writableLength <= most;
}
