import { once } from "node:events";
import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Milliseconds between two words, and words from one line of JSON to the next: the others are empty lines. */
const [pause, linesEvery] = [100, 10];

/**
 * Tells whoever connects, root alone, a line of JSON at once and then every second, until he ends his half, and empty
 * lines in between: he may know within a moment that this process has come to a standstill. What he says is not heard.
 */
export class ReportSocket {
  readonly #listeners = new Set<Socket>();
  readonly #server: Server;
  readonly #timer = setInterval(() => this.#speak(), pause);
  #words = 0;

  private constructor(private readonly report: () => unknown) {
    this.#server = createServer((socket) => {
      this.#listeners.add(socket);
      socket.on("error", () => socket.destroy());
      socket.once("close", () => this.#listeners.delete(socket));
      socket.resume();
      socket.write(this.#line());
    });
  }

  /** One that a process left which was killed gives way. @throws where a living one has it, and in the system's words */
  static async open(path: string, report: () => unknown): Promise<ReportSocket> {
    if (await answers(path)) throw new Error(`another process tells at ${path} what it copies: end it first`);
    const socket = new ReportSocket(report);
    rmSync(path, { force: true });
    socket.#server.listen(path);
    await once(socket.#server, "listening");
    socket.#server.on("error", () => undefined);
    chmodSync(path, 0o600);
    return socket;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#server.close();
    for (const listener of this.#listeners) listener.destroy();
  }

  /** A line of JSON, now: there is news. */
  tell(): void {
    if (this.#listeners.size > 0) this.#say(this.#line());
  }

  #speak(): void {
    this.#words += 1;
    if (this.#words % linesEvery === 0) this.tell();
    else this.#say("\n");
  }

  /** Whoever has not read the last one misses this one. */
  #say(line: string): void {
    for (const listener of this.#listeners) if (listener.writableLength === 0) listener.write(line);
  }

  #line(): string {
    return `${JSON.stringify(this.report())}\n`;
  }
}

function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  return new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  }).finally(() => socket.destroy());
}
