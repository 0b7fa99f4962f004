import type { Socket } from "node:net";
import type { Outcome } from "../multiplexer/audit-record.js";
import { Relay, type RelayEnds } from "../multiplexer/relay.js";
import { SharedAnswers, type Writes } from "../multiplexer/shared-answers.js";
import type { Controller } from "../multiplexer/xid-table.js";
import type { ReportedSwitch } from "../report.js";
import { Answers } from "../session/answers.js";
import { SwitchMemory } from "../session/switch-memory.js";
import { Counters } from "../switch/counters.js";
import { gather, hasRoom } from "../switch/gathered.js";
import { MasterLink } from "../switch/master-link.js";
import type { MasterPlace } from "../switch/master-place.js";
import type { QueueBudget } from "../switch/queue.js";
import type { ProxyHeader } from "./proxy-header.js";

/** Bytes that one end may leave unread before the other one is not read either. */
const mostWaiting = 262_144;
/** Bytes that the switch may leave unread before the master controller is not heard: the pool's comes first. */
const mostOfMaster = 16_384;
/** Milliseconds that an end may take to read what the other one said last. */
const patience = 5_000;

export interface SharedPlace {
  readonly master: MasterPlace;
  /** Whether the switch answers the master controller itself; else it is answered from what the switch told. */
  readonly forwards: boolean;
  readonly writes: Writes;
}

type Standing = Pick<ReportedSwitch, "state" | "why" | "queued">;

export interface SharedSessionEvents {
  /** What a controller says; good until the call returns. */
  said(from: Controller, message: Buffer): Outcome;
  /** Something waits for the master controller. */
  waiting(): void;
  ended(): void;
}

/** One session of a switch through this process: HAProxy's connection on one side, the controller's on the other, and the master controller's beside them. */
export class SharedSession {
  readonly memory = new SwitchMemory();
  readonly counters = new Counters();
  /** Null where it is a health check's, and once the master controller has no part in it. */
  link: MasterLink | null = null;
  #parted: Pick<Standing, "state" | "why"> | null = null;
  readonly #relay: Relay;
  #ended = false;

  constructor(
    readonly client: ProxyHeader["client"],
    private readonly toSwitch: Socket,
    private readonly toPool: Socket,
    place: SharedPlace,
    private readonly events: SharedSessionEvents,
    private readonly clock: () => number,
    budget: QueueBudget,
  ) {
    const ends: RelayEnds = {
      toSwitch: (bytes) => this.#write(toSwitch, toPool, bytes),
      toPool: (bytes) => this.#write(toPool, toSwitch, bytes),
      toMaster: (bytes) => this.link?.answer(bytes),
      copy: (bytes, messages) => {
        this.link?.give(bytes, messages);
        events.waiting();
      },
      said: (from, message) => events.said(from, message),
      opaque: () => this.#part({ state: "unidentified", why: "what it says is no OpenFlow" }),
    };
    const terms = { writes: place.writes === "forward", hearsAll: !place.forwards };
    this.#relay = new Relay(ends, this.memory, this.counters, terms);
    if (client !== null) this.link = this.#linked(place, budget);
    this.#join(toSwitch, toPool, (chunk) => this.#hear(chunk));
    this.#join(toPool, toSwitch, (chunk) => {
      this.#relay.fromPool(chunk, clock());
      if (this.#relay.full) toPool.pause();
    });
  }

  get counts(): Relay["counts"] {
    return this.#relay.counts;
  }

  /** How its switch stands with the master controller; null where it is a health check's. */
  get standing(): Standing | null {
    if (this.client === null) return null;
    return this.link ?? (this.#parted && { ...this.#parted, queued: { messages: 0, bytes: 0, age: 0 } });
  }

  tick(): void {
    this.#relay.tick(this.clock());
    this.#resume(this.toPool, this.toSwitch);
    this.link?.tick();
  }

  /** What was taken of either end still reaches the other. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#part(null);
    for (const socket of [this.toSwitch, this.toPool]) {
      socket.removeAllListeners("data").resume().destroySoon();
      setTimeout(() => socket.destroy(), patience).unref();
    }
    this.events.ended();
  }

  #hear(chunk: Buffer): void {
    const { revision } = this.memory;
    this.#relay.fromSwitch(chunk, this.clock());
    if (this.memory.revision !== revision) this.link?.learned();
    if (this.toPool.isPaused()) this.#resume(this.toPool, this.toSwitch);
    this.link?.hearAgain();
  }

  #linked(place: SharedPlace, budget: QueueBudget): MasterLink {
    const { memory, counters } = this;
    const answers = (version: number) =>
      place.forwards
        ? new SharedAnswers(memory, version, place.writes)
        : new Answers(memory, version, place.master.writes);
    const linked = {
      ...{ memory, counters, answers },
      kept: (message: Buffer) => this.events.said("master", message)?.(false),
      takes: () => hasRoom(this.toSwitch, mostOfMaster) && !this.#relay.masterFull,
      forward: (message: Buffer) => this.#ask(message),
      // A switch to which the last word is on its way is asked nothing more.
      came: () => void (this.toSwitch.writableEnded || this.#relay.masterCame()),
      left: () => void (this.#ended || this.toSwitch.writableEnded || this.#relay.masterLeft()),
    };
    return new MasterLink(place.master, this.clock, linked, budget);
  }

  #ask(message: Buffer): void {
    if (this.link?.isRefused) this.#relay.shed(message);
    else {
      gather(this.toSwitch);
      this.#relay.fromMaster(message, this.clock());
    }
  }

  /** Another session of the same switch has its place. */
  displace(): void {
    this.#part({ state: "displaced", why: "" });
  }

  /** The master controller has no part in it any more. */
  #part(why: Pick<Standing, "state" | "why"> | null): void {
    this.link?.end();
    this.link = null;
    this.#parted = why;
  }

  #join(from: Socket, to: Socket, hear: (chunk: Buffer) => void): void {
    from.on("data", hear);
    from.on("drain", () => {
      this.#resume(to, from);
      if (from === this.toSwitch) this.link?.hearAgain();
    });
    from.on("end", () => to.end());
    from.on("error", () => this.end());
    from.on("close", () => {
      if (to.writableEnded || from.destroyed) this.end();
    });
  }

  /** Whoever is not read is not written to without end: the other end waits. */
  #write(to: Socket, from: Socket, bytes: Buffer): void {
    to.write(to.writableLength === 0 ? bytes : kept(bytes));
    if (to.writableLength > mostWaiting) from.pause();
  }

  #resume(from: Socket, to: Socket): void {
    if (to.writableLength <= mostWaiting && !(from === this.toPool && this.#relay.full)) from.resume();
  }
}

/** What has to wait does not keep the far larger buffer that it may stand in. */
const kept = (bytes: Buffer): Buffer =>
  bytes.length * 4 < bytes.buffer.byteLength ? Buffer.from(bytes) : bytes;
