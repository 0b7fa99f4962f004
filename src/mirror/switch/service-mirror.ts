import type { TcpPacket } from "../capture/tcp-packet.js";
import { after, isNear } from "../stream/sequence.js";
import { Beginnings } from "./beginnings.js";
import { Counters } from "./counters.js";
import { Encounters } from "./encounters.js";
import { GivingWay } from "./giving-way.js";
import { Heirs } from "./heirs.js";
import type { MasterPlace } from "./master-place.js";
import { nameOf, PastCounts, type Who } from "./past-counts.js";
import { QueueBudget } from "./queue.js";
import { holdersAmong, nameIn } from "./seats.js";
import { SwitchMirror } from "./switch-mirror.js";
import type { Inheritance } from "./switch-stream.js";

/** Streams at most: of more, those that never said who they are give way, and the machine is not brought down. */
const most = 4_096;

/** Bytes of streams that are not whole messages yet: with more, the same give way, and holes are given up at once. */
const mostInHand = 67_108_864;

/** Bytes that may wait for a master controller in all: one that is dead costs the machine no more, however many switches there are. */
const mostWaiting = 268_435_456;

/**
 * Milliseconds without a word after which a switch has no session any more: twice what an idle one may be silent. What it
 * is stays known, and it has one again from its next word on, unless it came back on another connection.
 */
const silence = 300_000;

interface Entry {
  readonly mirror: SwitchMirror;
  /** When something last came, or it was opened. */
  heard: number;
  /** Whether anything came here. */
  spoke: boolean;
  silent: boolean;
  /** The number of the byte behind its SYN: the same connection has the same. */
  readonly start: number | null;
  readonly inherited: boolean;
}

export type SwitchEntry = Readonly<Pick<Entry, "mirror" | "inherited" | "silent" | "start">>;

/** All switches of one service. */
export class ServiceMirror {
  readonly #entries = new Map<string, Entry>();
  readonly #givingWay = new GivingWay();
  /** Bytes of all streams that were captured, and not told or given up yet. */
  #inHand = 0;
  readonly #begun = new Beginnings();
  readonly #met = new Encounters();
  readonly #heirs = new Heirs();
  readonly #touched = new Map<string, SwitchMirror>();
  readonly #past = new PastCounts(most);
  readonly #budget = new QueueBudget(mostWaiting);
  #active = false;
  /** Streams that were one too many. */
  refused = 0;

  constructor(
    private readonly place: MasterPlace,
    private readonly clock: () => number,
  ) {}

  get switches(): ReadonlyMap<string, SwitchEntry> {
    return this.#entries;
  }

  /** What was counted of a switch on the connections that it had before: on its main ones, or on further ones of this number. */
  past(who: Who): Counters | undefined {
    return this.#past.of(who);
  }

  /** All that was counted since this mirror began. */
  get totals(): Counters {
    const sum = new Counters();
    sum.add(this.#past.total);
    for (const { mirror } of this.#entries.values()) sum.add(mirror.counters);
    return sum;
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
    const start = after(packet.sequence, 1);
    if (packet.syn && this.#entries.get(packet.key)?.start !== start) this.#begun.add(packet.key, start);
    if (this.#isAnother(packet)) this.#drop(packet.key);
    const entry = this.#entries.get(packet.key) ?? this.#openFor(packet);
    if (entry === undefined) return;
    if (entry.silent) this.#givingWay.speaks(packet.key);
    [entry.heard, entry.spoke, entry.silent] = [now, true, false];
    const { mirror } = entry;
    this.#touched.set(packet.key, mirror);
    this.#work(mirror, () => mirror.stream.packet(packet, now));
    if (mirror.stream.ended) this.#drop(packet.key);
    else if (this.#inHand > mostInHand && !this.#giveWay())
      this.#work(mirror, () => mirror.stream.giveUp(now));
  }

  #work({ stream }: SwitchMirror, act: () => void): void {
    this.#inHand -= stream.inHand;
    act();
    this.#inHand += stream.inHand;
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
    this.#seat();
    for (const [key, entry] of this.#entries) {
      const { mirror } = entry;
      if (entry.silent || now - entry.heard > silence) this.#rest(key, entry);
      else if (mirror.displaced || mirror.carrier !== null) mirror.stream.tick(now);
      else if (this.#active) mirror.tick();
      else mirror.stream.tick(now);
      if (mirror.stream.ended) this.#drop(key);
    }
    this.#inHand = [...this.#entries.values()].reduce((sum, { mirror }) => sum + mirror.stream.inHand, 0);
  }

  /** A stream that another node, or another process of this one, saw up to here. */
  inherit(key: string, inheritance: Inheritance): void {
    // Who does not say who it is goes on as whoever it was.
    const entry = this.#entries.get(key);
    if (entry?.start === null && nameIn(entry) === null) this.#drop(key);
    if (this.#active) {
      if (!this.#entries.has(key)) this.#open(key, null, inheritance);
      return;
    }
    this.#heirs.add(key, inheritance);
  }

  /** The copy of a stream that another node sees is further on. */
  advance(key: string, position: number, waiting: number): void {
    this.#heirs.advance(key, position, waiting);
  }

  /** Its connection ended there; null for all of them. */
  disinherit(key: string | null): void {
    if (key === null) this.#heirs.clear();
    else this.#heirs.delete(key);
  }

  end(): void {
    for (const key of [...this.#entries.keys()]) this.#drop(key);
  }

  /** A new connection has the ports of the one before. It is believed when something is said on it: anybody can send a SYN. */
  #isAnother({ key, sequence, payload }: TcpPacket): boolean {
    const start = this.#begun.get(key);
    const before = this.#entries.get(key)?.mirror.stream.position ?? null;
    if (start === null || before === null || payload.length === 0) return false;
    return sequence === start || (isNear(start, sequence) && !isNear(before, sequence));
  }

  /** Whoever has said nothing is no switch: our own agents knock at the service all the time. */
  #openFor({ key, payload, reset }: TcpPacket): Entry | undefined {
    // The rest of a connection that ended is no new one.
    if (payload.length === 0 || reset) return undefined;
    const start = this.#begun.take(key);
    const heir = start === null ? this.#heirs.get(key) : null;
    if (start === null && heir === null && !this.#met.meet(key, this.clock())) return undefined;
    return this.#open(key, start, heir);
  }

  #open(key: string, start: number | null, inherited: Inheritance | null): Entry | undefined {
    if (this.#entries.size >= most) {
      if (!this.#giveWay()) {
        this.refused += 1;
        return undefined;
      }
    }
    const mirror = new SwitchMirror(this.place, this.clock, start, inherited, this.#budget);
    const silent = inherited?.silent ?? false;
    const entry = { mirror, start, inherited: inherited !== null, heard: this.clock(), spoke: false, silent };
    this.#entries.set(key, entry);
    this.#met.forget(key);
    if (silent) this.#givingWay.add("silent", key);
    if (inherited === null) this.#givingWay.add(start === null ? "met" : "begun", key);
    return entry;
  }

  #giveWay(): boolean {
    const key = this.#givingWay.next((each) => {
      const entry = this.#entries.get(each);
      return entry !== undefined && (nameIn(entry) === null || entry.silent);
    });
    if (key !== null) this.#drop(key);
    return key !== null;
  }

  /** It may be dead. What was never named, or came again since, is not worth to be kept. */
  #rest(key: string, entry: Entry): void {
    if (entry.silent && !entry.mirror.displaced) return;
    if (nameIn(entry) === null || entry.mirror.displaced) {
      this.#drop(key);
      return;
    }
    entry.silent = true;
    this.#givingWay.add("silent", key);
    entry.mirror.end();
  }

  /** One session for each switch: of its main connection that came last. Whoever has none goes on being heard. */
  #seat(): void {
    const holders = holdersAmong(this.#entries);
    for (const [key, entry] of this.#entries) {
      const { identity } = entry.mirror.stream.memory;
      if (identity === null) continue;
      const before = entry.mirror.displaced || entry.mirror.carrier !== null;
      entry.mirror.displaced = holders.get(nameOf(identity)) !== key;
      const main = identity.auxiliary === 0 ? null : holders.get(nameOf({ ...identity, auxiliary: 0 }));
      entry.mirror.carrier = (main && this.#entries.get(main)?.mirror) || null;
      if (!before && (entry.mirror.displaced || entry.mirror.carrier !== null)) entry.mirror.end();
    }
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    this.#givingWay.delete(key);
    if (entry === undefined) return;
    this.#touched.delete(key);
    this.#inHand -= entry.mirror.stream.inHand;
    entry.mirror.end();
    this.#past.add(entry.mirror.stream.memory, entry.mirror.counters);
  }
}
