import { once } from "node:events";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { type ClientEvent, Clients } from "../../src/vpn/clients.js";
import { hookEvent } from "../../src/vpn/hook-event.js";
import { Management, type Reply } from "../../src/vpn/management.js";
import { sessionsIn } from "../../src/vpn/status3.js";
import type { Sandbox } from "./sandbox.js";
import { managementSocket, password, socketOfHooks } from "./vpn-rig.js";

/** Listens to a server in all three ways, and keeps what it believes of each of them alone and of all together. */
export class Observer implements AsyncDisposable {
  /** What hooks said, in short: `HOOK [OPERATION ADDRESS] [NAME]`. */
  readonly hooks: string[] = [];
  readonly management: string[] = [];
  readonly byEvents = new Clients();
  readonly bySnapshots = new Clients();
  readonly together = new Clients();
  readonly refused: string[] = [];
  #ends: (() => void)[] = [];
  #line: Management | null = null;
  #heard: Promise<void> = Promise.resolve();

  /** From outside, by the sandbox's own files. */
  readonly #inside = (path: string): string => `/proc/${this.machine.pid}/root${path}`;

  constructor(private readonly machine: Sandbox) {}

  async listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: false }, (socket) => {
      // In the order in which they came, whichever is read first.
      const said = text(socket);
      this.#heard = this.#heard.then(async () => this.#hook(await said));
    });
    server.listen(this.#inside(socketOfHooks));
    await once(server, "listening");
    this.#ends.push(() => server.close());
  }

  /** A server that has only started may not listen yet. */
  async attach(): Promise<void> {
    const socket = connect(this.#inside(managementSocket));
    await once(socket, "connect");
    this.#ends.push(() => socket.destroy());
    await new Promise<void>((ready, failed) => {
      const line = new Management(password, {
        send: (words) => void socket.write(words),
        ready,
        client: (event) => {
          if (event.kind === "established") this.management.push(`established ${event.login.session.name}`);
          this.#tell(event);
        },
        close: (why) => failed(new Error(why)),
      });
      this.#line = line;
      socket.on("data", (bytes: Buffer) => line.receive(bytes));
    });
  }

  ask(command: string): Promise<Reply> {
    return new Promise((answered) => this.#line?.ask(command, answered));
  }

  /** Asks for a snapshot and applies it; whatever was told before is heard by then. */
  async count(): Promise<void> {
    const asked = [this.bySnapshots, this.together].map((clients) => [clients, clients.ask()] as const);
    const reply = await this.ask("status 3");
    const sessions = "lines" in reply ? sessionsIn(reply.lines) : { refused: reply.error };
    if ("refused" in sessions) throw new Error(sessions.refused);
    await this.#heard;
    for (const [clients, turn] of asked) clients.snapshot(turn, sessions.value);
  }

  #hook(said: string): void {
    const value = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(said)?.[1];
    const words = ["script_type", "operation", "address", "common_name"].map(value);
    this.hooks.push(words.filter((word) => word !== undefined).join(" "));
    const event = hookEvent(said);
    if ("refused" in event) this.refused.push(event.refused);
    else if (event.value !== null) this.#tell(event.value);
  }

  #tell(event: ClientEvent): void {
    this.byEvents.hear(event);
    this.together.hear(event);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
  }
}

/** What is reached, and through whom. */
export const reached = ({ present }: Clients): Record<string, string> =>
  Object.fromEntries([...present.values()].map(({ destination, name }) => [destination, name]).sort());
