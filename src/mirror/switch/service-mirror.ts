import type { TcpPacket } from "../capture/tcp-packet.js";
import { after, isFurther, isNear } from "../stream/sequence.js";
import { Counters } from "./counters.js";
import type { MasterPlace } from "./master-place.js";
import { QueueBudget } from "./queue.js";
import { SwitchMirror } from "./switch-mirror.js";
import type { Inheritance } from "./switch-stream.js";

/** Streams at most: whoever opens more is not mirrored, and the machine is not brought down. */
const most = 4_096;

/** Bytes that may wait for a master controller in all: one that is dead costs the machine no more, however many switches there are. */
const mostWaiting = 268_435_456;

/** Milliseconds without a word after which a stream that never ended is taken for dead: twice what an idle switch may be silent. */
const silence = 300_000;

interface Entry {
  readonly mirror: SwitchMirror;
  heard: number;
  /** The number of the byte behind its SYN: the same connection has the same. */
  readonly start: number | null;
  readonly inherited: boolean;
}

interface Who {
  readonly datapath: string;
  readonly auxiliary: number;
}

const nameOf = ({ datapath, auxiliary }: Who): string => `${datapath} ${auxiliary}`;

/** All switches of one service. */
export class ServiceMirror {
  readonly #entries = new Map<string, Entry>();
  /** Connections that began and on which nothing was said yet, the oldest first: the number of their first byte. */
  readonly #begun = new Map<string, number>();
  /** Streams that another node sees now, and that may go on here. */
  readonly #heirs = new Map<string, Inheritance>();
  readonly #touched = new Map<string, SwitchMirror>();
  /** What was counted on connections that ended, by switch. */
  readonly #past = new Map<string, Counters>();
  readonly #budget = new QueueBudget(mostWaiting);
  #active = false;
  /** Streams that were one too many. */
  refused = 0;

  constructor(
    private readonly place: MasterPlace,
    private readonly clock: () => number,
  ) {}

  get switches(): ReadonlyMap<string, { readonly mirror: SwitchMirror; readonly inherited: boolean }> {
    return this.#entries;
  }

  /** What was counted of a switch on the connections that it had before: on its main ones, or on further ones of this number. */
  past({ datapath, auxiliary }: Who): Counters | undefined {
    return this.#past.get(nameOf({ datapath, auxiliary }));
  }

  /** Whether this node has the virtual IPs: only then has the master controller a connection. */
  activate(active: boolean): void {
    if (active === this.#active) return;
    this.#active = active;
    if (!active) {
      this.end();
      return;
    }
    for (const [key, heir] of this.#heirs) if (!this.#entries.has(key)) this.#open(key, null, heir);
    this.#heirs.clear();
    this.tick();
  }

  packet(packet: TcpPacket): void {
    const now = this.clock();
    if (packet.syn) this.#begin(packet.key, after(packet.sequence, 1));
    if (this.#isAnother(packet)) this.#drop(packet.key);
    const entry = this.#entries.get(packet.key) ?? this.#openFor(packet);
    if (entry === undefined) return;
    entry.heard = now;
    entry.mirror.stream.packet(packet, now);
    this.#touched.set(packet.key, entry.mirror);
    if (entry.mirror.stream.ended) this.#drop(packet.key);
  }

  /** What came together goes on together. @returns the connections on which something came */
  flush(): ReadonlyMap<string, SwitchMirror> {
    const touched = new Map(this.#touched);
    this.#touched.clear();
    for (const mirror of touched.values()) mirror.flush();
    return touched;
  }

  tick(): void {
    const now = this.clock();
    this.#endOlderTwins();
    for (const [key, { mirror, heard }] of this.#entries) {
      if (this.#active) mirror.tick();
      else mirror.stream.tick(now);
      if (mirror.stream.ended || now - heard > silence) this.#drop(key);
    }
  }

  /** A stream that another node, or another process of this one, saw up to here. */
  inherit(key: string, inheritance: Inheritance): void {
    // Who does not say who it is goes on as whoever it was.
    const entry = this.#entries.get(key);
    if (entry?.start === null && entry.mirror.stream.memory.identity === null) this.#drop(key);
    if (this.#active) {
      if (!this.#entries.has(key)) this.#open(key, null, inheritance);
      return;
    }
    const { position, waiting } = this.#heirs.get(key) ?? inheritance;
    const isBehind = isFurther(inheritance.position, position);
    if (this.#heirs.size < most)
      this.#heirs.set(key, isBehind ? { ...inheritance, position, waiting } : inheritance);
  }

  /** The copy of a stream that another node sees is further on. */
  advance(key: string, position: number, waiting: number): void {
    const heir = this.#heirs.get(key);
    if (heir !== undefined && isFurther(heir.position, position))
      this.#heirs.set(key, { ...heir, position, waiting });
  }

  /** Its connection ended there; null for all of them. */
  disinherit(key: string | null): void {
    if (key === null) this.#heirs.clear();
    else this.#heirs.delete(key);
  }

  end(): void {
    for (const key of [...this.#entries.keys()]) this.#drop(key);
  }

  #begin(key: string, start: number): void {
    if (this.#entries.get(key)?.start === start) return;
    this.#begun.delete(key);
    this.#begun.set(key, start);
    const [oldest] = this.#begun.keys();
    if (this.#begun.size > most && oldest !== undefined) this.#begun.delete(oldest);
  }

  /** A new connection has the ports of the one before. It is believed when something is said on it: anybody can send a SYN. */
  #isAnother({ key, sequence, payload }: TcpPacket): boolean {
    const start = this.#begun.get(key);
    const before = this.#entries.get(key)?.mirror.stream.position ?? null;
    if (start === undefined || before === null || payload.length === 0) return false;
    return sequence === start || (isNear(start, sequence) && !isNear(before, sequence));
  }

  /** Whoever has said nothing is no switch: our own agents knock at the service all the time. */
  #openFor({ key, payload, reset }: TcpPacket): Entry | undefined {
    // The rest of a connection that ended is no new one.
    if (payload.length === 0 || reset) return undefined;
    const start = this.#begun.get(key) ?? null;
    this.#begun.delete(key);
    return this.#open(key, start, start === null ? (this.#heirs.get(key) ?? null) : null);
  }

  #open(key: string, start: number | null, inherited: Inheritance | null): Entry | undefined {
    if (this.#entries.size >= most) {
      this.refused += 1;
      return undefined;
    }
    const mirror = new SwitchMirror(this.place, this.clock, start, inherited, this.#budget);
    const entry = { mirror, heard: this.clock(), start, inherited: inherited !== null };
    this.#entries.set(key, entry);
    return entry;
  }

  /** A switch that came back is the same datapath: its older connection is dead, and the master controller hears so first. */
  #endOlderTwins(): void {
    const newest = new Map<string, string>();
    for (const [key, { mirror }] of this.#entries) {
      const { identity } = mirror.stream.memory;
      if (identity === null) continue;
      const name = nameOf(identity);
      const older = newest.get(name);
      if (older !== undefined) this.#drop(older);
      newest.set(name, key);
    }
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    if (entry === undefined) return;
    this.#touched.delete(key);
    entry.mirror.end();
    this.#remember(entry.mirror);
  }

  #remember({ stream, counters }: SwitchMirror): void {
    const { identity } = stream.memory;
    if (identity === null) return;
    const name = nameOf(identity);
    const past = this.#past.get(name) ?? new Counters();
    past.add(counters);
    if (this.#past.size < most) this.#past.set(name, past);
  }
}
