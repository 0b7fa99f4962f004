import type { Socket } from "node:net";
import { type Reader, turns } from "./turns.js";

/** What the other end of a connection says, heard when it is its turn and may be; no more is read until then. */
export class PacedReading implements Reader {
  #chunks: Buffer[] = [];
  #held = false;

  /** @param may whether it may be heard now; where not, `again` is called once it may be */
  constructor(
    private readonly socket: Socket,
    private readonly hear: (bytes: Buffer) => void,
    private readonly may: () => boolean = () => true,
    private readonly among = turns,
  ) {
    socket.on("data", (chunk) => {
      this.#chunks.push(chunk);
      socket.pause();
      among.add(this);
    });
  }

  get waits(): boolean {
    return this.#chunks.length > 0 && !this.#held;
  }

  /** It may be heard again, or may not: whatever it waited for is otherwise than it was. */
  again(): void {
    if (!this.#held) return;
    this.#held = false;
    this.among.add(this);
  }

  look(most: number): number {
    const [chunk] = this.#chunks;
    if (chunk === undefined) return 0;
    if (!this.may()) {
      this.#held = true;
      return 0;
    }
    this.#chunks.shift();
    if (chunk.length > most) this.#chunks.unshift(chunk.subarray(most));
    const bytes = chunk.subarray(0, most);
    this.hear(bytes);
    // An end that closed is told behind its last words: it was not read meanwhile.
    if (!this.waits) this.socket.resume();
    return bytes.length;
  }
}
