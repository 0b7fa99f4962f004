import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";

/** Connections that may wait to be taken: all switches come at once after a failover. */
const backlog = 4_096;

/** A Unix socket for the members of a group, and what came in by it. */
export class Door {
  readonly #came = new Set<Socket>();
  #server: Server;

  private constructor(
    private readonly path: string,
    private readonly group: number,
    private readonly take: (socket: Socket) => void,
  ) {
    this.#server = this.#made();
  }

  #made(): Server {
    return createServer((socket) => {
      this.#came.add(socket);
      socket.once("close", () => this.#came.delete(socket));
      this.take(socket);
    });
  }

  /** One that a process left which was killed gives way. @param group its number @throws in the system's words */
  static async open(path: string, group: number, take: (socket: Socket) => void): Promise<Door> {
    const door = new Door(path, group, take);
    await door.#listen();
    return door;
  }

  /** Makes its socket again where somebody removed it; whoever came in by it stays. @throws in the system's words */
  async restore(): Promise<void> {
    if (existsSync(this.path)) return;
    this.#server.close();
    this.#server = this.#made();
    await this.#listen();
  }

  async #listen(): Promise<void> {
    const { path, group } = this;
    const server = this.#server;
    rmSync(path, { force: true });
    server.listen({ path, backlog });
    await once(server, "listening");
    // Somebody who could not be taken, as where no file can be opened, is no reason to end those who were.
    server.on("error", () => undefined);
    try {
      chownSync(path, -1, group);
      chmodSync(path, 0o660);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Nobody comes in any more, and whoever did is shown out. */
  close(): void {
    this.#server.close(); // Which removes the socket.
    for (const socket of this.#came) socket.destroySoon(); // What it was told before still leaves.
  }
}

/** Where doors stand: their group alone looks into it. */
export function makeDirectory(path: string, group: number): void {
  mkdirSync(path, { recursive: true });
  chownSync(path, -1, group);
  chmodSync(path, 0o750);
}
