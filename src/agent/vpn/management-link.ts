import { connect, type Socket } from "node:net";
import type { VpnManagement } from "../../topology/cluster.js";
import type { ClientEvent } from "../../vpn/clients.js";
import { Management, type Reply } from "../../vpn/management.js";

export interface ManagementListener {
  /** It may be asked. */
  ready(): void;
  client(event: ClientEvent): void;
  /** There is no connection any more, or none came about. @param refused nobody listens there */
  lost(why: string, refused: boolean): void;
}

/** Milliseconds until the next try. */
const again = 250;

/** A connection to the management interface of this server's OpenVPN, made again as long as it is wanted. */
export class ManagementLink {
  #socket: Socket | null = null;
  #line: Management | null = null;
  #ready = false;
  #timer: NodeJS.Timeout | null = null;
  #stopped = true;
  #since = 0;
  /** Questions that wait for their answer. */
  readonly #open = new Set<(reply: Reply | null) => void>();

  /** @param password of the file that the topology names; null where it names none, or there is none */
  constructor(
    private readonly management: VpnManagement,
    private readonly password: () => Promise<string | null>,
    private readonly listener: ManagementListener,
  ) {}

  get isReady(): boolean {
    return this.#ready;
  }

  /**
   * Milliseconds for which a connection stands on which nothing was said: somebody else is attached, who is served first and
   * alone, or OpenVPN hangs. It stays: whoever waits is next.
   */
  get waits(): number {
    return this.#socket === null || this.#ready ? 0 : performance.now() - this.#since;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#leave();
  }

  /** Null where the connection ends before it is answered, or there is none. */
  ask(command: string): Promise<Reply | null> {
    const line = this.#line;
    if (line === null || !this.#ready) return Promise.resolve(null);
    return new Promise((answered) => {
      const answer = (reply: Reply | null) => {
        this.#open.delete(answer);
        answered(reply);
      };
      this.#open.add(answer);
      line.ask(command, answer);
    });
  }

  /** It does not answer any more. */
  drop(why: string): void {
    this.#socket?.destroy(new Error(why));
  }

  async #connect(): Promise<void> {
    const password = await this.password().catch(() => null);
    if (this.#stopped) return;
    const { management } = this;
    const place =
      "socket" in management
        ? { path: management.socket }
        : { host: management.address, port: management.port };
    const socket = connect(place);
    this.#socket = socket;
    this.#since = performance.now();
    let why = "it ended the connection";
    let refused = false;
    const line = new Management(password, {
      send: (text) => void socket.write(text),
      ready: () => {
        this.#ready = true;
        this.listener.ready();
      },
      client: (event) => this.listener.client(event),
      close: (reason) => {
        why = reason;
        socket.destroy();
      },
    });
    this.#line = line;
    // A snapshot of many clients may take it long, so there is no limit to its silence here.
    socket.on("data", (bytes: Buffer) => line.receive(bytes));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      why = error.message;
      refused = error.code === "ECONNREFUSED" || error.code === "ENOENT";
    });
    socket.on("close", () => {
      if (this.#socket !== socket) return;
      this.#leave();
      this.#timer = setTimeout(() => void this.#connect(), again);
      this.listener.lost(why, refused);
    });
  }

  #leave(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#line = null;
    this.#ready = false;
    socket?.destroy();
    for (const answer of this.#open) answer(null);
  }
}
