import type { Socket } from "node:net";
import { type Reader, turns } from "./turns.js";

/** What the other end of a connection says, heard when it is its turn; no more is read until then. */
export class PacedReading implements Reader {
  #chunks: Buffer[] = [];

  constructor(
    private readonly socket: Socket,
    private readonly hear: (bytes: Buffer) => void,
    among = turns,
  ) {
    socket.on("data", (chunk) => {
      this.#chunks.push(chunk);
      socket.pause();
      among.add(this);
    });
  }

  get waits(): boolean {
    return this.#chunks.length > 0;
  }

  look(most: number): number {
    const chunk = this.#chunks.shift();
    if (chunk === undefined) return 0;
    if (chunk.length > most) this.#chunks.unshift(chunk.subarray(most));
    const bytes = chunk.subarray(0, most);
    this.hear(bytes);
    // An end that closed is told behind its last words: it was not read meanwhile.
    if (!this.waits) this.socket.resume();
    return bytes.length;
  }
}
