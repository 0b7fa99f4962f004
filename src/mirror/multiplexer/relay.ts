import { Type } from "../openflow/message-type.js";
import type { ExchangeCounts } from "../report.js";
import type { SwitchMemory } from "../session/switch-memory.js";
import type { Counters } from "../switch/counters.js";
import type { Outcome } from "./audit-record.js";
import { Exchange, type Terms } from "./exchange.js";
import { MessageCutter } from "./message-cutter.js";
import { Runs } from "./outlet.js";
import type { Controller, XidTable } from "./xid-table.js";

/** Where bytes go; they stay as they are. */
export interface RelayEnds {
  toSwitch(bytes: Buffer): void;
  toPool(bytes: Buffer): void;
  /** Answers to the master controller's own questions. */
  toMaster(bytes: Buffer): void;
  /** What the switch tells every controller: whole messages. */
  copy(bytes: Buffer, messages: number): void;
  /** What a controller says, one message, as he said it; good until the call returns. @returns who is told what becomes of it */
  said(from: Controller, message: Buffer): Outcome;
  /** It is no OpenFlow, or none any more: from here on all passes as it is, and the master controller has no part in it. */
  opaque(): void;
}

/** One session of a switch with a controller of its service's pool, which the master controller shares. Bytes in, bytes out. */
export class Relay {
  readonly #exchange: Exchange;
  readonly #out: Readonly<Record<"switch" | Controller | "copy", Runs>>;
  readonly #fromSwitch: MessageCutter;
  readonly #fromPool: MessageCutter;
  #opaque = false;
  /** That which the session speaks; 0 while it is not known. A HELLO has the greatest that its sender speaks. */
  #version = 0;
  #now = 0;

  constructor(
    private readonly ends: RelayEnds,
    private readonly memory: SwitchMemory,
    private readonly counters: Counters,
    terms: Terms,
    table?: XidTable,
  ) {
    this.#out = {
      switch: new Runs((bytes) => ends.toSwitch(bytes)),
      pool: new Runs((bytes) => ends.toPool(bytes)),
      master: new Runs(
        (bytes) => ends.toMaster(bytes),
        () => this.#out.copy,
      ),
      copy: new Runs(
        (bytes, messages) => ends.copy(bytes, messages),
        () => this.#out.master,
      ),
    };
    this.#exchange = new Exchange(this.#out, terms, table);
    this.#fromSwitch = new MessageCutter((bytes, at, length) => this.#heard(bytes, at, length));
    this.#fromPool = new MessageCutter((bytes, at, length) => this.#asked("pool", bytes, at, length));
  }

  /** Whether the switch has to answer before more is asked of it. */
  get full(): boolean {
    return this.#exchange.full;
  }

  /** Whether it has to before more is asked of it for the master controller. */
  get masterFull(): boolean {
    return this.#exchange.masterFull;
  }

  get open(): number {
    return this.#exchange.open;
  }

  get counts(): ExchangeCounts {
    return this.#exchange.counts;
  }

  fromSwitch(chunk: Buffer, now: number): void {
    this.#now = now;
    const strange = this.#fromSwitch.data(chunk);
    this.#flush();
    if (strange === null) return;
    this.#giveUp();
    this.ends.toPool(strange);
  }

  fromPool(chunk: Buffer, now: number): void {
    this.#now = now;
    const strange = this.#fromPool.data(chunk);
    // What is strange is behind all that was cut.
    if (!this.#opaque) this.#exchange.settle(this.#version, now);
    this.#flush();
    if (strange === null) return;
    this.#giveUp();
    this.ends.toSwitch(strange);
  }

  /** One message, which may be changed in its place. */
  fromMaster(message: Buffer, now: number): void {
    if (this.#opaque) return;
    this.#now = now;
    this.#asked("master", message, 0, message.length);
    this.#exchange.settle(this.#version, now);
    this.#flush();
  }

  /** One message of the master controller's that the switch does not get now. */
  shed(message: Buffer): void {
    if (this.#opaque) return;
    this.ends.said("master", message)?.(false);
    this.#exchange.shed(message);
    this.#flush();
  }

  /** A master controller was greeted: it is a party from now on. */
  masterCame(): void {
    if (this.#opaque) return;
    this.#exchange.come(this.#version, this.#now);
    this.#flush();
  }

  masterLeft(): void {
    if (this.#opaque) return;
    this.#exchange.leave(this.#version, this.#now);
    this.#flush();
  }

  tick(now: number): void {
    this.#now = now;
    this.#exchange.tick(now);
  }

  #heard(bytes: Buffer, at: number, length: number): void {
    const [version, type] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    this.counters.types[type] = (this.counters.types[type] ?? 0) + 1;
    this.counters.messages += 1;
    this.counters.bytes += length;
    if (type !== Type.packetIn && type !== Type.flowRemoved) {
      if (type !== Type.hello) this.#version = version;
      this.memory.learn(type, version, bytes.subarray(at, at + length));
    }
    this.#exchange.fromSwitch(bytes, at, length, this.#now);
  }

  #asked(from: Controller, bytes: Buffer, at: number, length: number): void {
    if (this.#version === 0 && bytes.readUInt8(at + 1) !== Type.hello) this.#version = bytes.readUInt8(at);
    const outcome = this.ends.said(from, bytes.subarray(at, at + length));
    const reached = this.#exchange.fromController(from, bytes, at, length, this.#now);
    outcome?.(reached);
  }

  /** What was cut off until here comes first. */
  #giveUp(): void {
    if (this.#opaque) return;
    this.#opaque = true;
    this.ends.opaque();
    for (const [cutter, pass] of [
      [this.#fromSwitch, this.ends.toPool],
      [this.#fromPool, this.ends.toSwitch],
    ] as const) {
      const rest = cutter.stop();
      if (rest !== null) pass.call(this.ends, rest);
    }
  }

  #flush(): void {
    const { switch: toSwitch, pool, master, copy } = this.#out;
    toSwitch.flush();
    pool.flush();
    master.flush();
    copy.flush();
  }
}
