import { connect, type Socket } from "node:net";
import { Type } from "../openflow/message-type.js";
import { answered, type WireVersion } from "../openflow/version.js";
import { MasterSession } from "../session/master-session.js";
import { Counters } from "./counters.js";
import type { MasterPlace } from "./master-place.js";
import { MessageQueue, type QueueBudget } from "./queue.js";
import { type Inheritance, SwitchStream } from "./switch-stream.js";

/** Milliseconds between two attempts to reach the master controller: doubled each time. */
const backOff = { first: 250, most: 5_000 };
/** Milliseconds that a connection and its greetings may take. */
const patience = 5_000;
/** Milliseconds for which a master controller may leave a switch's ECHO_REQUEST unanswered; OpenFlow 1.3.5, 6.4 leaves it to the ends. */
const silence = 30_000;
/** Bytes that the socket itself may hold back before the queue does. */
const inSocket = 64 * 1_024;
/** Bytes of answers that a master controller may leave unread before no more are given. */
const mostAnswers = 1_048_576;

export type LinkState = "unidentified" | "unsupported" | "apart" | "connecting" | "live";

/** One switch at the master controller: its stream on one side, a connection of its own on the other. */
export class SwitchMirror {
  readonly stream: SwitchStream;
  readonly #queue: MessageQueue;
  #socket: Socket | null = null;
  #session: MasterSession | null = null;
  #live = false;
  #since = 0;
  #retryAt = 0;
  #pause = backOff.first;
  #why = "";
  /** Messages that the connection has and the system has not taken yet. */
  #inHand = 0;
  readonly counters = new Counters();
  /** Since when a question of the switch's waits for any word, and how many there were before the last one. */
  #asked: { since: number | null; before: number } = { since: null, before: 0 };

  constructor(
    private readonly place: MasterPlace,
    private readonly clock: () => number,
    start: number | null,
    inherited: Inheritance | null = null,
    budget?: QueueBudget,
  ) {
    this.#queue = new MessageQueue(place.queue, budget);
    this.counters.dropped = inherited?.waiting ?? 0;
    this.stream = new SwitchStream(
      {
        run: (bytes, messages) => {
          this.counters.dropped += this.#queue.add(bytes, messages, this.clock());
        },
        learned: () => this.#session?.learned(),
      },
      start,
      inherited,
      this.counters,
    );
  }

  get state(): LinkState {
    const { identity } = this.stream.memory;
    if (identity === null) return "unidentified";
    if (!answered(identity.version)) return "unsupported";
    if (this.#live) return "live";
    return this.#socket === null ? "apart" : "connecting";
  }

  /** Why the master controller is apart, in its own words or the system's. */
  get why(): string {
    return this.#why;
  }

  /** What waits for the master controller, and for how many milliseconds the oldest of it has. */
  get queued(): { readonly bytes: number; readonly messages: number; readonly age: number } {
    const { bytes, messages, since } = this.#queue;
    return {
      bytes: bytes + (this.#socket?.writableLength ?? 0),
      messages: messages + this.#inHand,
      age: since === null ? 0 : this.clock() - since,
    };
  }

  /** Looks after time-outs, and after the connection. */
  tick(): void {
    const now = this.clock();
    this.stream.tick(now);
    this.#session?.tick(now);
    if (this.#socket !== null && !this.#live && now - this.#since > patience) this.#part("it did not greet");
    if (this.#live && this.#unansweredFor(now) > silence) this.#part("it has not answered for 30 s");
    if (this.state === "apart" && now >= this.#retryAt && !this.stream.ended) this.#connect(now);
    this.flush();
  }

  /** Hands over what waits, as far as the connection takes it. */
  flush(): void {
    const socket = this.#socket;
    if (socket === null || !this.#live) return;
    while (socket.writableLength < inSocket) {
      const run = this.#queue.take();
      if (run === null) break;
      this.#inHand += run.messages;
      socket.write(run.bytes, (error) => {
        if (error || this.#socket !== socket) return;
        this.#inHand -= run.messages;
        this.counters.delivered += run.messages;
      });
    }
  }

  /** The switch is gone, or somebody else's now: the master controller sees its connection end. */
  end(): void {
    this.flush();
    const socket = this.#socket;
    // What the connection has goes out before it ends.
    this.counters.delivered += this.#inHand;
    this.#inHand = 0;
    this.#forget();
    this.counters.dropped += this.#queue.clear();
    socket?.end();
    // One that does not read is not waited for.
    setTimeout(() => socket?.destroy(), patience).unref();
  }

  /** Milliseconds since the switch asked whether the master controller is there, and heard nothing. */
  #unansweredFor(now: number): number {
    if (this.#echoes === this.#asked.before) return 0;
    this.#asked.since ??= now;
    return now - this.#asked.since;
  }

  get #echoes(): number {
    return this.counters.types[Type.echoRequest] ?? 0;
  }

  #connect(now: number): void {
    const identity = this.stream.memory.identity;
    if (identity === null) return;
    const { address: host, port } = this.place;
    const socket = connect({ host, port, noDelay: true });
    this.#socket = socket;
    this.#since = now;
    const mine = (act: () => void) => () => {
      if (this.#socket === socket) act();
    };
    socket.on(
      "connect",
      mine(() => this.#greet(socket, identity.version as WireVersion)),
    );
    socket.on("data", (bytes) =>
      mine(() => {
        this.#asked = { since: null, before: this.#echoes };
        this.#session?.receive(bytes, this.clock());
      })(),
    );
    socket.on(
      "drain",
      mine(() => this.flush()),
    );
    socket.on("error", (error) => mine(() => this.#part(error.message))());
    socket.on(
      "close",
      mine(() => this.#part("it ended the connection")),
    );
    socket.on("error", () => undefined);
  }

  #greet(socket: Socket, version: WireVersion): void {
    const end = {
      send: (bytes: Buffer) => {
        if (socket.writableLength < mostAnswers) socket.write(bytes);
      },
      ready: () => {
        this.#live = true;
        this.#pause = backOff.first;
        this.#why = "";
        this.flush();
      },
      wrote: () => {
        this.counters.writes += 1;
      },
      close: (why: string) => this.#part(why),
    };
    this.#session = new MasterSession(this.stream.memory, version, this.place.writes, end, this.clock());
  }

  #part(why: string): void {
    const socket = this.#socket;
    this.#forget();
    // What was said last may be the reason why.
    socket?.end();
    setTimeout(() => socket?.destroy(), 100).unref();
    this.counters.parted += 1;
    this.#why = why;
    this.#retryAt = this.clock() + this.#pause;
    this.#pause = Math.min(2 * this.#pause, backOff.most);
  }

  #forget(): void {
    this.counters.dropped += this.#inHand;
    this.#inHand = 0;
    [this.#socket, this.#session, this.#live] = [null, null, false];
  }
}
