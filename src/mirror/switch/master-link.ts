import type { Socket } from "node:net";
import { answered, type WireVersion } from "../openflow/version.js";
import { MasterSession } from "../session/master-session.js";
import { BackOff } from "./back-off.js";
import type { Counters } from "./counters.js";
import { EchoWatch } from "./echo-watch.js";
import { gather, hasRoom } from "./gathered.js";
import type { LinkedSwitch, LinkState } from "./linked-switch.js";
import type { MasterPlace } from "./master-place.js";
import { endWithin, masterSocket } from "./master-socket.js";
import type { PacedReading } from "./paced-reading.js";
import { MessageQueue, QueueBudget } from "./queue.js";
import { type SendBuffers, tableNames } from "./send-buffers.js";
import { Stall } from "./stall.js";
import { type Ended, Underway, type Waiting, waiting } from "./underway.js";
import { Unread } from "./unread.js";

/** Milliseconds that a connection and its greetings may take. */
const patience = 5_000;
/** Milliseconds for which a master controller may leave unanswered a switch's ECHO_REQUEST (OpenFlow 1.3.5, 6.4 leaves it to the ends), and its system all that is sent to it. */
const silence = 30_000;
/** Bytes that the socket itself may hold back before the queue does. */
const inSocket = 64 * 1_024;
/** Bytes of answers that a master controller may leave unread before it is not heard. */
const mostAnswers = 1_048_576;

const readsNothing = "it does not read what it asked for";

/** One switch's connection to the master controller, and what waits for it. */
export class MasterLink {
  readonly #queue: MessageQueue;
  readonly #unread: Unread;
  #socket: Socket | null = null;
  #reading: PacedReading | null = null;
  readonly #stall = new Stall();
  #session: MasterSession | null = null;
  #live = false;
  /** When it was begun, or was greeted. */
  #since = 0;
  #retryAt = 0;
  readonly #backOff = new BackOff(Math.random);
  /** Why the master controller is apart, in its own words or the system's. */
  why = "";
  #underway = new Underway();
  /** Both ends of the connection, as the system's table names them. */
  #ends = { local: "", remote: "" };
  readonly #echoWatch = new EchoWatch();

  constructor(
    private readonly place: MasterPlace,
    protected readonly clock: () => number,
    private readonly of: LinkedSwitch,
    budget = new QueueBudget(Infinity),
  ) {
    this.#unread = new Unread(budget);
    this.#queue = new MessageQueue(place.queue, budget);
  }

  get counters(): Counters {
    return this.of.counters;
  }

  /** Whole messages of the switch's; good until the call returns. */
  give(bytes: Buffer, messages: number): void {
    this.of.counters.dropped += this.#queue.add(bytes, messages, this.clock());
  }

  /** The switch told something of itself. */
  learned(): void {
    this.#session?.learned();
  }

  /** An answer to what the master controller asked; whole messages. */
  answer(bytes: Buffer): void {
    if (this.#socket === null || !this.#live) return;
    // What the switch said before goes before it: a BARRIER_REPLY tells of what is behind it.
    this.#handOver(mostAnswers);
    // It may stand in a far larger buffer, which would be kept as long.
    this.#say(this.#socket, Buffer.from(bytes));
  }

  /** Whether it leaves answers unread. */
  get isBehind(): boolean {
    return this.#socket !== null && !hasRoom(this.#socket, mostAnswers);
  }

  /** Whether it has left them unread for so long that no more is asked for it. */
  get isRefused(): boolean {
    return this.#stall.isRefused(this.clock());
  }

  /** What it says may be taken again. */
  hearAgain(): void {
    this.#session?.resume();
    this.#reading?.again();
  }

  /** One that reads no answers gets no more; for a while, as it may say all before it reads. */
  #takes(): boolean {
    const now = this.clock();
    this.#stall.look(this.isBehind, now);
    if (this.#stall.isRefused(now)) return true;
    return !this.#stall.waits(now) && (this.of.takes?.() ?? true);
  }

  get state(): LinkState {
    const { identity } = this.of.memory;
    if (identity === null) return "unidentified";
    if (!answered(identity.version)) return "unsupported";
    if (this.#live) return "live";
    return this.#socket === null ? "apart" : "connecting";
  }

  /** What waits for the master controller, and for how many milliseconds the oldest of it has. */
  get queued(): Waiting {
    return waiting(this.#queue, this.#underway.kept(this.#left), this.clock());
  }

  /** Whether `look` could tell anything new. */
  get isUnderway(): boolean {
    return this.#live && this.#underway.any;
  }

  /** Learns what became of what the system was given. */
  look(buffers: SendBuffers): void {
    if (!this.isUnderway) return;
    const now = this.clock();
    const held = buffers.heldFor(this.#ends.local, this.#ends.remote);
    if (held === null) return;
    this.of.counters.delivered += this.#underway.look(held, this.#left, now);
    if (this.#underway.silentFor(now) > silence) this.#part("it has acknowledged nothing for 30 s");
  }

  /** Looks after time-outs, and after the connection. */
  tick(): void {
    const now = this.clock();
    this.#session?.tick(now);
    this.#unread.are(this.#left);
    if (this.#socket !== null && !this.#live && now - this.#since > patience)
      this.#part(this.#session === null ? "it does not answer" : "it did not greet");
    if (this.#live && this.#echoWatch.silentFor(this.of.counters.echoes, now) > silence)
      this.#part("it has not answered for 30 s");
    this.#stall.look(this.isBehind, now);
    if (this.#stall.isOver(now)) this.#part(readsNothing);
    if (this.state === "apart" && now >= this.#retryAt) this.#connect(now);
    this.flush();
    this.hearAgain();
  }

  /** Hands over what waits, as far as the connection takes it. */
  flush(): void {
    this.#handOver(inSocket);
  }

  /** @param most bytes that may then be left in the socket */
  #handOver(most: number): void {
    const socket = this.#socket;
    if (socket === null || !this.#live) return;
    while (socket.writableLength < most) {
      const run = this.#queue.take();
      if (run === null) break;
      this.#write(socket, run.bytes, run.messages);
    }
  }

  /** The switch is gone, or somebody else's now: the master controller sees its connection end. */
  end(): void {
    this.flush();
    const socket = this.#socket;
    // What the connection has goes out before it ends.
    this.#forget(this.#underway.end(0));
    this.of.counters.dropped += this.#queue.clear();
    endWithin(socket, patience);
  }

  /** Bytes that the connection has and the system has not taken. */
  get #left(): number {
    return this.#socket?.writableLength ?? 0;
  }

  /** What is no message of the switch's own. One that reads none is let go rather than that all of them are kept. */
  #say(socket: Socket, bytes: Buffer): void {
    if (this.isBehind && (this.#unread.exceeded || !this.#stall.takes(bytes.length, this.clock()))) {
      this.#part(readsNothing);
      return;
    }
    gather(socket);
    this.#write(socket, bytes, 0);
  }

  /** @param messages of the switch's; 0 for what the session says */
  #write(socket: Socket, bytes: Buffer, messages: number): void {
    socket.write(bytes);
    this.#unread.are(socket.writableLength);
    this.#underway.wrote(bytes.length, messages, socket.writableLength, this.clock());
  }

  #connect(now: number): void {
    const identity = this.of.memory.identity;
    if (identity === null) return;
    const mine = (act: () => void) => () => {
      if (this.#socket === socket) act();
    };
    const { socket, reading } = masterSocket(this.place, silence, {
      connected: mine(() => this.#greet(socket, identity.version as WireVersion)),
      mayHear: () => this.#socket !== socket || this.#session?.isBusy !== true,
      heard: (bytes) =>
        mine(() => {
          this.#echoWatch.heard(this.of.counters.echoes);
          this.#session?.receive(bytes, this.clock());
        })(),
      drained: mine(() => {
        this.flush();
        this.hearAgain();
      }),
      ended: (why) => mine(() => this.#part(why))(),
    });
    [this.#socket, this.#reading] = [socket, reading];
    this.#since = now;
    this.#underway = new Underway();
  }

  #greet(socket: Socket, version: WireVersion): void {
    this.#ends = tableNames(socket, this.place);
    const end = {
      takes: () => this.#takes(),
      send: (bytes: Buffer) => this.#say(socket, bytes),
      ready: () => {
        this.#live = true;
        this.#since = this.clock();
        this.why = "";
        this.of.came?.();
        this.flush();
      },
      wrote: () => {
        this.of.counters.writes += 1;
      },
      kept: (message: Buffer) => this.of.kept?.(message),
      forward: (message: Buffer) => this.of.forward?.(message),
      close: (why: string) => this.#part(why),
    };
    const { memory } = this.of;
    this.#session = new MasterSession(memory, version, this.of.answers(version), end, this.clock());
  }

  #part(why: string): void {
    const socket = this.#socket;
    const now = this.clock();
    const stood = this.#live ? now - this.#since : 0;
    this.#forget(this.#underway.brokenOff());
    // What was said last may be the reason why.
    endWithin(socket, 100);
    this.of.counters.parted += 1;
    this.why = why;
    this.#retryAt = now + this.#backOff.after(stood);
  }

  #forget({ delivered, dropped }: Ended): void {
    this.of.counters.delivered += delivered;
    this.of.counters.dropped += dropped;
    const wasLive = this.#live;
    this.#session?.stop();
    this.#stall.look(false, this.clock());
    [this.#socket, this.#session, this.#live] = [null, null, false];
    this.#unread.are(0);
    if (wasLive) this.of.left?.();
  }
}
