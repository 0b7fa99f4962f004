import type { Socket } from "node:net";
import { bodyOf, message, xidOf } from "../../mirror/openflow/message.js";
import { Type, typeName } from "../../mirror/openflow/message-type.js";
import { Framer } from "../../mirror/stream/framer.js";
import { agreedWith, controllerHello } from "./controller-greeting.js";
import { Numbers } from "./numbers.js";
import { markIn } from "./packet-in.js";
import { Requests } from "./requests.js";
import { Transcript } from "./transcript.js";

/** Milliseconds between two questions whether the switch is there. */
const interval = 5_000;

/** One connection of a switch, or of what mirrors one, and all that came on it. */
export class Recording {
  readonly #opened = Date.now();
  readonly #from: string;
  readonly #types = new Map<string, number>();
  /** Of what nobody asked for here: neither greetings nor answers to our own requests. */
  readonly #told = new Transcript();
  readonly #numbers = new Numbers();
  #version = 0;
  #datapath: string | null = null;
  #requests: Requests | null = null;
  /** What of the run that is told next does not belong to the transcript. */
  #apart: { readonly at: number; readonly length: number }[] = [];
  #ended: { readonly at: number; readonly why: string } | null = null;

  constructor(private readonly socket: Socket) {
    this.#from = `${socket.remoteAddress} ${socket.remotePort}`;
    const framer = new Framer({
      seen: (type, bytes, at, length) => this.#hear(type, bytes, at, length),
      messages: (bytes) => this.#tell(bytes),
      resynced: () => undefined,
    });
    const echo = setInterval(() => this.#say(this.#requests?.echo() ?? null), interval);
    socket.setNoDelay(true);
    socket.write(controllerHello);
    socket.on("data", (bytes) => {
      framer.data(bytes);
      if (!framer.inStep) this.#end("it said what is not OpenFlow");
    });
    socket.on("error", (error: NodeJS.ErrnoException) => this.#end(error.code ?? error.message));
    socket.on("end", () => this.#end("it ended the connection"));
    socket.on("close", () => {
      clearInterval(echo);
      this.#end("the connection closed");
    });
  }

  /** All of it as of now. Times in milliseconds since 1970. */
  get line() {
    return {
      ...{ from: this.#from, datapath: this.#datapath, version: this.#version, opened: this.#opened },
      types: Object.fromEntries(this.#types),
      told: this.#told.sum,
      requests: this.#requests?.counts ?? { asked: 0, answered: 0 },
      numbers: this.#numbers.summary,
      ended: this.#ended,
    };
  }

  #hear(type: number, bytes: Buffer, at: number, length: number): void {
    const name = typeName(this.#version === 0 ? bytes.readUInt8(at) : this.#version, type);
    this.#types.set(name, (this.#types.get(name) ?? 0) + 1);
    const whole = bytes.subarray(at, at + length);
    if (type === Type.packetIn) {
      const found = markIn(this.#version, whole);
      if (found !== null) this.#numbers.add(found.number);
      return;
    }
    if (type === Type.featuresReply) this.#datapath = whole.toString("hex", 8, 16);
    if (type === Type.echoRequest)
      this.#say(message(this.#version, Type.echoReply, xidOf(whole), bodyOf(whole)));
    if (type === Type.hello && this.#version === 0) this.#agree(whole);
    if (type === Type.hello || this.#requests?.own(xidOf(whole))) this.#apart.push({ at, length });
  }

  #agree(hello: Buffer): void {
    const version = agreedWith(hello);
    if (version === null) {
      this.#end("it speaks no version of ours");
      return;
    }
    this.#version = version;
    this.#requests = new Requests(version);
    this.#say(this.#requests.first());
  }

  #tell(bytes: Buffer): void {
    let from = 0;
    for (const { at, length } of this.#apart) {
      this.#told.add(bytes.subarray(from, at));
      from = at + length;
    }
    this.#told.add(bytes.subarray(from));
    this.#apart = [];
  }

  #say(bytes: Buffer | null): void {
    if (bytes !== null && this.#ended === null) this.socket.write(bytes);
  }

  #end(why: string): void {
    if (this.#ended !== null) return;
    this.#ended = { at: Date.now(), why };
    this.socket.destroy();
  }
}
