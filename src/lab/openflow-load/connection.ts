import { connect, type Socket } from "node:net";
import { helloFor, negotiated } from "../../mirror/openflow/hello.js";
import { message } from "../../mirror/openflow/message.js";
import { Type } from "../../mirror/openflow/message-type.js";
import { Framer } from "../../mirror/stream/framer.js";
import { answerTo, type Identity } from "./switch-answers.js";
import { type Sum, Transcript } from "./transcript.js";

export interface Place {
  readonly address: string;
  readonly port: number;
  /** The switch's own address; null where the system chooses. */
  readonly source: string | null;
}

export interface ConnectionEvents {
  /** The controller asked for the features, and has them. */
  live(): void;
  /** Something that the controller said, one whole message; good until the call returns. */
  heard(bytes: Buffer): void;
  /** All that came in one piece was heard. */
  drained(): void;
  /** @param wasLive whether there was a session at all */
  ended(why: string, wasLive: boolean): void;
}

/** Milliseconds: how often a switch asks whether the controller is there, and how long it believes so. */
const probe = { interval: 5_000, patience: 15_000 };

/** Milliseconds that what was said last may take to leave. */
const lingering = 1_000;

/** One connection of a generated switch. It greets, answers what is asked, and looks after the controller as real ones do. */
export class Connection {
  readonly #socket: Socket;
  readonly #said = new Transcript();
  readonly #afterGreeting = new Transcript();
  readonly #framer: Framer;
  readonly #probe: NodeJS.Timeout;
  #live = false;
  #over = false;
  #heardAt = performance.now();
  #probes = 0;

  constructor(
    private readonly identity: Identity,
    place: Place,
    private readonly events: ConnectionEvents,
  ) {
    this.#framer = new Framer({
      seen: (_type, bytes, at, length) => this.#hear(bytes.subarray(at, at + length)),
      messages: () => undefined,
      resynced: () => undefined,
    });
    this.#socket = connect({
      ...{ host: place.address, port: place.port, noDelay: true },
      ...(place.source === null ? {} : { localAddress: place.source }),
    });
    this.#socket.on("connect", () => {
      const hello = helloFor(identity.version, 1);
      this.#said.add(hello);
      this.#socket.write(hello);
    });
    this.#socket.on("data", (bytes) => this.#receive(bytes));
    this.#socket.on("error", (error: NodeJS.ErrnoException) => this.end(error.code ?? error.message));
    this.#socket.on("end", () => this.end("it ended the connection"));
    this.#socket.on("close", () => this.end("it closed the connection"));
    this.#probe = setInterval(() => this.#lookAfter(), probe.interval);
  }

  get live(): boolean {
    return this.#live;
  }

  /** Bytes that the system has not taken yet. */
  get waiting(): number {
    return this.#socket.writableLength;
  }

  /** All that was said, and all of it but the greeting. */
  get sums(): { readonly all: Sum; readonly afterGreeting: Sum } {
    return { all: this.#said.sum, afterGreeting: this.#afterGreeting.sum };
  }

  say(bytes: Buffer): void {
    if (this.#over) return;
    this.#said.add(bytes);
    this.#afterGreeting.add(bytes);
    this.#socket.write(bytes);
  }

  end(why: string): void {
    if (this.#over) return;
    const wasLive = this.#live;
    [this.#over, this.#live] = [true, false];
    clearInterval(this.#probe);
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), lingering).unref();
    this.events.ended(why, wasLive);
  }

  #receive(bytes: Buffer): void {
    this.#heardAt = performance.now();
    this.#framer.data(bytes);
    if (!this.#framer.inStep) this.end("it said what is not OpenFlow");
    else this.events.drained();
  }

  #hear(bytes: Buffer): void {
    const type = bytes.readUInt8(1);
    const spoken = type === Type.hello ? negotiated(helloFor(this.identity.version, 1), bytes) : null;
    if (type === Type.hello && spoken !== this.identity.version) {
      this.end("it does not speak this version");
      return;
    }
    const answer = answerTo(this.identity, bytes);
    if (answer !== null) this.say(answer);
    if (type === Type.featuresRequest && !this.#live) {
      this.#live = true;
      this.events.live();
    } else this.events.heard(bytes);
  }

  #lookAfter(): void {
    if (performance.now() - this.#heardAt > probe.patience) this.end("it fell silent");
    this.#probes += 1;
    if (this.#live) this.say(message(this.identity.version, Type.echoRequest, 0x45000000 + this.#probes));
  }
}
