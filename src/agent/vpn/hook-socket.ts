import { chmodSync, rmSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";

/** Bytes of one hook's words: programs/vpn-event.pl sends less. */
const longest = 8_192;

/** Milliseconds: a hook says all at once, and ends. */
const patience = 1_000;

/** Where OpenVPN's hooks tell what they are run for. Only root may speak there: OpenVPN stays root. */
export class HookSocket {
  #server: Server | null = null;
  #inode = 0;
  /** The words of one hook after the other, in the order in which they came, whichever is read first. */
  #turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly hear: (text: string) => void,
    private readonly trouble: (why: string) => void,
  ) {}

  /** Whatever was said by now is heard. */
  get settled(): Promise<void> {
    return this.#turn;
  }

  /** Listens, unless it does so already: a socket that somebody removed is made again. */
  ensure(): void {
    if (this.#server !== null && inodeOf(this.path) === this.#inode) return;
    this.stop();
    rmSync(this.path, { force: true });
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    server.on("error", (error) => {
      this.trouble(`nobody hears OpenVPN's hooks: ${error.message}`);
      if (this.#server === server) this.#server = null;
    });
    server.listen(this.path, () => {
      if (this.#server !== server) return;
      chmodSync(this.path, 0o600);
      this.#inode = inodeOf(this.path);
    });
    // Until it listens there is nothing to compare with.
    this.#inode = inodeOf(this.path);
  }

  stop(): void {
    this.#server?.close();
    this.#server = null;
  }

  #accept(socket: Socket): void {
    const said = wordsOf(socket);
    this.#turn = this.#turn.then(async () => {
      const text = await said;
      if (text !== null) this.hear(text);
    });
  }
}

/** All that is said until the end; null where that is too much, or takes too long. */
function wordsOf(socket: Socket): Promise<string | null> {
  return new Promise((done) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const end = (text: string | null) => {
      clearTimeout(timer);
      socket.destroy();
      done(text);
    };
    const timer = setTimeout(() => end(null), patience);
    socket.on("error", () => end(null));
    socket.on("data", (piece) => {
      bytes += piece.length;
      if (bytes > longest) end(null);
      else pieces.push(piece);
    });
    socket.on("end", () => end(Buffer.concat(pieces).toString("utf8")));
    socket.on("close", () => end(null));
  });
}

function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}
